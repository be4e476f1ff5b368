"""Be a class whose making lies about what is made."""
# must: Pile failed
# says: has no attribute 'push'|nothing here
# spares: the grades


class Strange(type):
    def __call__(cls, *args, **kwargs):
        return Ellipsis


class Pile(metaclass=Strange):
    pass
