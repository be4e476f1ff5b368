"""A loop over the examples, with Python's own numbers."""

import math

import numpy as np


def log_sum_exp(row):
    largest = max(row)
    return largest + math.log(math.fsum(math.exp(z - largest) for z in row))


def demand(logits, labels):
    if logits.ndim != 2 or labels.ndim != 1 or len(labels) != len(logits):
        raise ValueError("a label for each row, please")


def softmax(logits):
    if logits.ndim != 2:
        raise ValueError("two axes, please")
    rows = []
    for row in logits.tolist():
        total = log_sum_exp(row)
        rows.append([math.exp(z - total) for z in row])
    return np.array(rows, dtype=np.float64)


def cross_entropy(logits, labels):
    demand(logits, labels)
    surprises = [
        log_sum_exp(row) - row[label]
        for row, label in zip(logits.tolist(), labels.tolist(), strict=True)
    ]
    return math.fsum(surprises) / len(surprises)


def cross_entropy_gradient(logits, labels):
    demand(logits, labels)
    gradient = softmax(logits)
    for n, label in enumerate(labels.tolist()):
        gradient[n, label] -= 1
    gradient /= len(gradient)
    return gradient
