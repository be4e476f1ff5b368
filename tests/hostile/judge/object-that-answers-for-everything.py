"""Be an object that has every attribute, each of which is itself and can be called."""
# must: Pile failed
# says: pile.top is a Pile, expected
# spares: the grades


class Pile:
    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __len__(self):
        return 1
