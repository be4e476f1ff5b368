"""Hidden tests of graph.py: any shape, random upstream gradients, tangled and deep graphs."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_gradient, assert_raises


def check(student, rng, build, compute, *arrays, name=""):
    """Compare the value and all gradients of a graph with those of NumPy."""
    leaves = [student.graph.Node(array) for array in arrays]
    result, expected = build(*leaves), compute(*arrays)
    assert_allclose(result.value, expected, name=f"{name}: value")
    upstream = np.asarray(rng.normal(size=np.shape(expected)))
    student.graph.backward((result * upstream).sum())
    for i, leaf in enumerate(leaves):
        assert_gradient(
            lambda x, i=i: compute(*arrays[:i], x, *arrays[i + 1 :]),
            arrays[i],
            leaf.gradient,
            upstream=upstream,
            name=f"gradient of {'abcd'[i]}",
            of=name,
            rng=rng,
        )


@pytest.mark.task("Node", points=1)
def test_sums_and_differences_of_random_arrays(student, rng):
    """Sums, differences and negatives, of vectors, matrices and arrays with three axes."""

    def f(a, b, c):
        return -(a + b - c) - b

    for shape in [(5,), (3, 4), (2, 1, 3)]:
        arrays = [rng.normal(size=shape) for _ in range(3)]
        check(student, rng, f, f, *arrays, name="-(a + b - c) - b")


@pytest.mark.task("Node", points=1)
def test_products_of_random_arrays(student, rng):
    """Products in which factors repeat, of vectors, matrices and arrays with three axes."""

    def f(a, b, c):
        return a * b * a - b * c

    for shape in [(5,), (4, 3), (2, 1, 3)]:
        arrays = [rng.normal(size=shape) for _ in range(3)]
        check(student, rng, f, f, *arrays, name="a * b * a - b * c")


@pytest.mark.task("Node", points=1)
def test_negative_and_fractional_powers(student, rng):
    """Powers with whole, negative and fractional exponents, also of whole numbers."""
    for exponent in (1, 2, 5, -1, -3, 0.5, -0.5, 2.5):
        a = rng.uniform(0.5, 3.0, size=(2, 3))
        check(student, rng, lambda a, e=exponent: a**e, lambda a, e=exponent: a**e, a,
              name=f"a ** {exponent}")  # fmt: skip
    check(student, rng, lambda a: a**3, lambda a: a**3, -a, name="a ** 3 of negative numbers")
    whole = student.graph.Node(np.array([2, -4], dtype=np.int8))
    student.graph.backward((whole**-2).sum())
    assert_allclose(whole.gradient, np.array([-0.25, 1 / 32]), name="gradient of [2, -4] ** -2")


@pytest.mark.task("Node", points=1)
def test_exponentials_and_logarithms_of_random_arrays(student, rng):
    """Exponentials and logarithms of arrays with several axes, and of each other's results."""
    a = rng.uniform(0.2, 3.0, size=(3, 2))
    check(student, rng, lambda a: a.exp(), np.exp, -a, name="exp(a)")
    check(student, rng, lambda a: a.log(), np.log, a, name="log(a)")
    check(
        student,
        rng,
        lambda a, b: (a.exp() + b.log() * 2).exp(),
        lambda a, b: np.exp(np.exp(a) + 2 * np.log(b)),
        rng.normal(size=(2, 1, 3)),
        rng.uniform(0.5, 1.5, size=(2, 1, 3)),
        name="exp(exp(a) + 2 log(b))",
    )


@pytest.mark.task("Node", points=2)
def test_sums_along_every_axis(student, rng):
    """Sums along the first, the last, a negative axis, and all, of oblong and square arrays."""
    for shape in [(3, 3), (2, 4), (2, 3, 2), (5,)]:
        array = rng.normal(size=shape)
        for axis in (None, *range(len(shape)), -1):
            name = f"sum along axis {axis} of shape {shape}"
            check(student, rng, lambda a, axis=axis: (a * a).sum(axis=axis),
                  lambda a, axis=axis: np.sum(a * a, axis=axis), array, name=name)  # fmt: skip


@pytest.mark.task("Node", points=1)
def test_products_of_matrices_that_are_not_square(student, rng):
    """Matrices of several shapes, and arrays as the right factor; what does not fit is refused."""
    for N, K, M in [(3, 4, 2), (1, 5, 1), (2, 1, 3), (3, 3, 3)]:
        a, b = rng.normal(size=(N, K)), rng.normal(size=(K, M))
        name = f"a @ b of shapes {a.shape} and {b.shape}"
        check(student, rng, lambda a, b: a.matmul(b), np.matmul, a, b, name=name)
    fixed = rng.normal(size=(3, 2))
    check(student, rng, lambda a: a.matmul(fixed), lambda a: a @ fixed, a, name="a @ array")
    node = student.graph.Node(np.ones((2, 3)))
    for shape in [(2, 3), (3,), (2, 3, 1)]:
        name = f"matmul of (2, 3) and {shape}"
        assert_raises(ValueError, node.matmul, student.graph.Node(np.ones(shape)), name=name)
    row = student.graph.Node(np.ones(3))
    assert_raises(ValueError, row.matmul, np.ones((3, 2)), name="matmul of (3,) and (3, 2)")


@pytest.mark.task("Node", points=2)
def test_every_kind_of_broadcast_is_summed_back(student, rng):
    """Axes that are missing in front, axes of length 1, on either side, or on both."""

    def f(a, b):
        return (a + b) * b - a * (b - a)

    for shape, other in [
        ((3, 1), (1, 4)),
        ((4,), (3, 4)),
        ((3, 4), (4,)),
        ((2, 3), (1,)),
        ((2, 3), (1, 1)),
        ((2, 1, 3), (4, 1)),
        ((1, 3), (2, 2, 3)),
        ((3, 3), (3, 1)),
    ]:
        a, b = rng.normal(size=shape), rng.normal(size=other)
        check(student, rng, f, f, a, b, name=f"(a + b) * b - a * (b - a) of {shape} and {other}")
    number, table = student.graph.Node(3.0), rng.normal(size=(2, 3))
    student.graph.backward((number * student.graph.Node(table)).sum())
    assert_allclose(number.gradient, float(table.sum()), name="gradient of 3 in sum(3 * b)")


@pytest.mark.task("Node", points=1)
def test_arrays_and_numbers_mix_with_nodes(student, rng):
    """Arrays that are larger or smaller than the node, whole numbers, and NumPy's numbers."""
    for other in (
        rng.normal(size=(2, 3)),
        rng.normal(size=3),
        rng.normal(size=(2, 1)),
        rng.integers(1, 9, size=(4, 1, 3)).astype(np.uint8),
        np.float64(-1.5),
        7,
    ):
        name = f"with a number or array of shape {np.shape(other)}"
        for f in (
            lambda a, c=other: c - a * c,
            lambda a, c=other: (c + a) - c,
            lambda a, c=other: c * a + 1 - a,
        ):
            check(student, rng, f, lambda a, f=f: np.asarray(f(a)), rng.normal(size=(2, 3)),
                  name=name)  # fmt: skip


@pytest.mark.task("Node", points=2)
def test_a_network_as_a_graph(student, rng):
    """Two layers with sigmoid and cross-entropy: all gradients of the loss."""
    X, w1, w2 = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    right = np.eye(2)[[0, 1, 1, 0, 1]]

    def build(X, w1, w2):
        hidden = (1 + (-X.matmul(w1)).exp()) ** -1
        logits = hidden.matmul(w2)
        log_sums = logits.exp().sum(axis=1).log()
        return (log_sums - (right * logits).sum(axis=1)).sum() * 0.2

    def compute(X, w1, w2):
        logits = 1 / (1 + np.exp(-X @ w1)) @ w2
        return np.mean(np.log(np.exp(logits).sum(axis=1)) - (right * logits).sum(axis=1))

    check(student, rng, build, compute, X, w1, w2, name="the loss of a network")


@pytest.mark.task("backward", points=1)
def test_ways_that_double_and_double(student):
    """Sixty doublings: 2⁶⁰ ways lead to the leaf, and none may be walked by itself."""
    start = student.graph.Node(1.0)
    node = start
    for _ in range(60):
        node = node + node
    student.graph.backward(node)
    assert_allclose(start.gradient, 2.0**60, rtol=1e-12, name="the gradient after 60 doublings")


@pytest.mark.task("backward", points=2)
def test_tangled_graphs(student, rng):
    """Random graphs in which each node is used by several others, near and far."""
    for _ in range(3):
        values = list(rng.uniform(-1.0, 1.0, size=3))
        slopes = list(np.eye(3))  # of each node, with respect to the three leaves
        leaves = [student.graph.Node(value) for value in values]
        nodes = list(leaves)
        for _ in range(30):
            i, j = rng.integers(max(0, len(nodes) - 6), len(nodes), size=2)
            if rng.random() < 0.5:
                nodes.append(nodes[i] * nodes[j])
                slopes.append(values[i] * slopes[j] + values[j] * slopes[i])
                values.append(values[i] * values[j])
            else:
                nodes.append(0.7 * nodes[i] - nodes[j])
                slopes.append(0.7 * slopes[i] - slopes[j])
                values.append(0.7 * values[i] - values[j])
        student.graph.backward(nodes[-1] + nodes[-2] * nodes[-3])
        expected = slopes[-1] + values[-2] * slopes[-3] + values[-3] * slopes[-2]
        for name, leaf, slope in zip("abc", leaves, expected, strict=True):
            assert_allclose(leaf.gradient, float(slope), name=f"gradient of leaf {name}")


@pytest.mark.task("backward", points=1)
def test_calls_add_up(student, rng):
    """Calls on the same and on other results add up, also where they share nodes."""
    x = rng.normal(size=(2, 3))
    a = student.graph.Node(x)
    shared = (a * a).sum(axis=0)
    first, second = shared.sum(), (shared * shared).sum()
    once, other = 2 * x, 4 * x * np.sum(x**2, axis=0)
    expected = np.zeros((2, 3))
    for result, slope in [(first, once), (first, once), (second, other), (first, once)]:
        student.graph.backward(result)
        expected = expected + slope
        assert_allclose(a.gradient, expected, name="gradient after several calls")
    a.gradient = np.zeros((2, 3))
    student.graph.backward(second)
    assert_allclose(a.gradient, other, name="gradient after it was set to zeros")


@pytest.mark.task("backward", points=2)
def test_a_deep_graph_of_several_operations(student):
    """A thousand times x·c + a: a deep graph in which a is used again and again."""
    x, a = student.graph.Node([1.0, 2.0]), student.graph.Node(0.001)
    node = x
    for _ in range(1000):
        node = node * 0.999 + a
    student.graph.backward(node.sum())
    assert_allclose(x.gradient, np.full(2, 0.999**1000), name="gradient of x")
    sums = 2 * (1 - 0.999**1000) / (1 - 0.999)
    assert_allclose(a.gradient, sums, rtol=1e-8, name="gradient of a")


@pytest.mark.task("backward", points=1)
def test_gradients_are_arrays(student):
    """Zeros first, then float64 arrays of the value's shape, also for single numbers."""
    for value in (3, np.array([3.0]), np.array([[[3.0]]])):
        a = student.graph.Node(value)
        shape = np.shape(value)
        assert_allclose(a.gradient, np.zeros(shape), name="gradient before backward")
        student.graph.backward(a * a)
        assert_allclose(a.gradient, np.full(shape, 6.0), name="gradient after backward")
    for shape in [(2,), (1, 3), (2, 2)]:
        result = student.graph.Node(np.ones(shape)) * 2
        name = f"backward of a node of shape {shape}"
        assert_raises(ValueError, student.graph.backward, result, name=name)


@pytest.mark.task("chain_example", points=2)
def test_other_chains(student, rng):
    """C and dC/dw for random numbers, and for a target that is met."""
    cases = [tuple(float(number) for number in rng.normal(size=4)) for _ in range(4)]
    for w, x, b, target in [*cases, (2.0, 3.0, 1.0, 7.0), (0.0, 4.0, -1.0, 2.0)]:
        y = w * x + b - target
        C, slope = student.graph.chain_example(w, x, b, target)
        name = f"w = {w:.3g}, x = {x:.3g}, b = {b:.3g}, target = {target:.3g}"
        assert_allclose(C, y**3, name=f"{name}: C")
        assert_allclose(slope, 3 * y**2 * x, name=f"{name}: dC/dw")
