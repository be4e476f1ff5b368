"""Predict both classes for every point."""
# must: classify failed
# says: scores are not finite|have dtype|every one of the
# spares: the grades

import numpy as np


def classify(points):
    return np.ones((len(points), 2))
