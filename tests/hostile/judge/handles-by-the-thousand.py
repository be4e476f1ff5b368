"""Send as many handles as fit into an answer, in every answer."""
# must: double failed
# says: is a list of length|too large
# spares: the grades, the processes


class Thing:
    pass


def double(x):
    return [Thing() for _ in range(9_000)]
