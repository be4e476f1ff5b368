"""The right answers of the benchmark's PyTorch assignment; wrong ones are edits of these."""

import torch
from torch import nn


def standardise(x):
    """Give each row mean 0 and, unless it is constant, variance 1."""
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / (centred.pow(2).mean(dim=1, keepdim=True) + 1e-8).sqrt()


def one_hot(labels, classes):
    """Turn each label into a row with a single 1."""
    return (labels[:, None] == torch.arange(classes)).float()


def softmax(logits):
    """Turn each row of scores into probabilities."""
    exponentials = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return exponentials / exponentials.sum(dim=1, keepdim=True)


def cross_entropy(logits, labels):
    """Mean over the examples of minus the logarithm of the right class's probability."""
    return -(logits.log_softmax(dim=1) * one_hot(labels, logits.shape[1])).sum(dim=1).mean()


def weight_gradient(w, x, y):
    """Give the gradient of the mean squared error of x @ w with respect to w, by autograd."""
    w = w.clone().requires_grad_()
    (x @ w - y).pow(2).mean().backward()
    return w.grad


class Net(nn.Module):
    """A network with one hidden layer."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.first = nn.Linear(inputs, hidden)
        self.second = nn.Linear(hidden, outputs)

    def forward(self, x):
        """Give the scores."""
        return self.second(self.first(x).relu())
