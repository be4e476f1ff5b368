"""The ten tests of the benchmark's PyTorch assignment, from which every peer's are written.

Nothing is trained: what these cost is the import of PyTorch.
"""

import torch
from numpy.testing import assert_allclose

X = torch.tensor([[1.0, 2.0, 3.0, 6.0], [0.0, -4.0, 4.0, 2.0]])
LABELS = torch.tensor([0, 2])


def test_rows_have_mean_0_and_variance_1(student):
    """Each row has mean 0 and variance 1."""
    rows = student.layers.standardise(X)
    assert_allclose(rows.mean(dim=1), torch.zeros(2), atol=1e-5)
    assert_allclose(rows.pow(2).mean(dim=1), torch.ones(2), rtol=1e-4)


def test_a_constant_row_becomes_0(student):
    """A constant row becomes 0, and not NaN."""
    assert_allclose(student.layers.standardise(torch.full((1, 4), 7.0)), torch.zeros(1, 4))


def test_each_label_is_a_row_with_a_1(student):
    """Each label becomes a row with a single 1."""
    expected = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    assert_allclose(student.layers.one_hot(LABELS, 3), expected)


def test_probabilities_add_up_to_1(student):
    """The ratio of probabilities is that of the exponentials."""
    logits = torch.tensor([[1.0, 1.0, 2.0], [3.0, 3.0, 3.0]]).log()
    expected = torch.tensor([[0.25, 0.25, 0.5], [1 / 3, 1 / 3, 1 / 3]])
    assert_allclose(student.layers.softmax(logits), expected, rtol=1e-4)


def test_large_scores_do_not_overflow(student):
    """A score of 1000 is a legal input."""
    logits = torch.tensor([[1000.0, 0.0], [1000.0, 1000.0]])
    expected = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    assert_allclose(student.layers.softmax(logits), expected, atol=1e-6)


def test_the_loss_is_that_of_pytorch(student):
    """PyTorch's own loss says the same."""
    expected = torch.nn.functional.cross_entropy(X, LABELS)
    assert_allclose(student.layers.cross_entropy(X, LABELS), expected, rtol=1e-4)


def test_autograd_finds_the_gradient(student):
    """The gradient of the mean squared error is 2/N times the transposed input times the error."""
    w, y = torch.ones(4, 1), torch.tensor([[1.0], [2.0]])
    expected = X.T @ (X @ w - y)
    assert_allclose(student.layers.weight_gradient(w, X, y), expected, rtol=1e-4)


def test_the_network_gives_a_score_for_each_class(student):
    """Two examples and three classes: six scores."""
    scores = student.layers.Net(4, 5, 3)(X).detach()
    assert_allclose(list(scores.shape), [2, 3])


def test_the_network_has_weights_and_biases(student):
    """4·5 + 5 parameters in the hidden layer, 5·3 + 3 in the last."""
    sizes = [parameter.numel() for parameter in student.layers.Net(4, 5, 3).parameters()]
    assert_allclose(sum(sizes), 43)


def test_the_network_is_not_linear(student):
    """A hidden layer without an activation would make a linear function."""
    net = student.layers.Net(4, 50, 3)
    ahead, back, nothing = (net(each).detach() for each in (X, -X, 0 * X))
    bend = (ahead + back - 2 * nothing).abs().amax()
    assert_allclose(float(bend > 1e-3), 1.0)
