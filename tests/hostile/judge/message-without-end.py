"""Raise an exception whose message takes for ever to make."""
# must: double failed, classify timeout
# says: still running when its time was up
# spares: the grades, the processes


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def classify(points):
    raise Slow
