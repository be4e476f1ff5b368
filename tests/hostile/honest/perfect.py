"""Everything right."""

import numpy as np


def double(x):
    return 2 * x


def classify(points):
    return np.where(points @ np.array([1.0, 3.0]) > 0.3, 1, 0)


def apply(function, x):
    return function(function(x))


class Pile(list):
    push = list.append

    @property
    def top(self):
        return self[-1]
