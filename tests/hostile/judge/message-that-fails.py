"""Raise an exception whose message cannot be made."""
# must: double failed
# says: \(its message cannot be shown\)
# spares: the grades


class Mute(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def double(x):
    raise Mute
