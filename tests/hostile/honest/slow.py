"""Right, and not in a hurry."""

import time


def double(x):
    time.sleep(0.05)
    return x + x


def classify(points):
    time.sleep(0.05)
    return (points[:, 0] + 3 * points[:, 1] > 0.3).astype("int64")


def apply(function, x):
    time.sleep(0.05)
    return function(function(x))


class Pile(list):
    push = list.append

    @property
    def top(self):
        return self[-1]
