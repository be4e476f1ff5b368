"""Small functions, easy to write and worth attacking."""

import numpy as np

ANSWER = "canary-of-the-reference"  # a test writes a token of its own in


def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


def classify(points):
    """Return 1 for each point above the line through (0, 0.1) and (0.3, 0), else 0."""
    ### BEGIN SOLUTION
    return (points[:, 0] + 3 * points[:, 1] > 0.3).astype(np.int64)
    ### END SOLUTION


def apply(function, x):
    """Apply a function twice."""
    ### BEGIN SOLUTION
    return function(function(x))
    ### END SOLUTION


class Pile:
    """A pile of numbers, of which the one on top can be seen."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.numbers = []

    @property
    def top(self):
        return self.numbers[-1]

    def push(self, number):
        self.numbers.append(number)

    def __len__(self):
        return len(self.numbers)

    ### END SOLUTION
