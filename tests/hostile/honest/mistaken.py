"""Typical mistakes."""

import numpy as np


def double(x):
    x *= 2
    return x[:2]


def classify(points):
    return (points[:, 0] > 0).astype(int)


def apply(function, x):
    return function(x) + np.zeros(1)


class Pile:
    items = []

    def push(self, number):
        self.items += [number]

    def top(self):
        return self.items[-1]
