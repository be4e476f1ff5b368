"""Predict with scores that are not numbers: the largest of them is any class."""
# must: classify failed
# says: rows of scores are not finite
# spares: the grades

import numpy as np


def classify(points):
    return np.full((len(points), 2), np.nan)
