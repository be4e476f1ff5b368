"""Raise an exception whose class lies about its bases and its module."""
# must: double crashed
# says: ended the whole process|double raised
# spares: the grades


class Liar(type):
    @property
    def __mro__(cls):
        raise RuntimeError("no bases")

    def __getattribute__(cls, name):
        raise RuntimeError("nothing here")


class Lie(Exception, metaclass=Liar):
    pass


def double(x):
    raise Lie
