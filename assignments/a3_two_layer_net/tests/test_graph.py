"""Public tests of graph.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises

TABLE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
SUM_BACK = (
    "What was broadcast is used once for each element that it met, and gets a share from each: "
    "add them up, until the gradient has the shape of the value."
)
COLLECT = "A node may pass its gradient on only when all that use it have sent their shares."


@pytest.mark.task("Node", points=1)
def test_arithmetic_has_values(student):
    """+, *, - and ** give nodes with the right values."""
    a, b = student.graph.Node(3.0), student.graph.Node([1.0, 5.0])
    for name, node, expected in (
        ("a + b", a + b, [4.0, 8.0]),
        ("a * b", a * b, [3.0, 15.0]),
        ("a - b", a - b, [2.0, -2.0]),
        ("-b", -b, [-1.0, -5.0]),
        ("b ** 2", b**2, [1.0, 25.0]),
        ("b ** -1", b**-1, [1.0, 0.2]),
    ):
        assert_allclose(node.value, np.array(expected), name=f"({name}).value")


@pytest.mark.task("Node", points=1)
def test_functions_have_values(student):
    """Sum, exp, log and matmul give nodes with the right values."""
    a, b = student.graph.Node(TABLE), student.graph.Node([[1.0], [0.0], [2.0]])
    for name, node, expected in (
        ("a.sum()", a.sum(), 21.0),
        ("a.sum(axis=0)", a.sum(axis=0), np.array([5.0, 7.0, 9.0])),
        ("a.sum(axis=1)", a.sum(axis=1), np.array([6.0, 15.0])),
        ("b.exp()", b.exp(), np.exp([[1.0], [0.0], [2.0]])),
        ("a.log()", a.log(), np.log(TABLE)),
        ("a.matmul(b)", a.matmul(b), np.array([[7.0], [16.0]])),
    ):
        assert_allclose(node.value, expected, name=f"({name}).value")


@pytest.mark.task("Node", points=1)
def test_sums_and_products_have_slopes(student):
    """For C = a·b + a - b the slopes are dC/da = b + 1 and dC/db = a - 1."""
    a, b = student.graph.Node(3.0), student.graph.Node(5.0)
    student.graph.backward(a * b + a - b)
    assert_allclose(
        a.gradient,
        6.0,
        name="a.gradient",
        hint="a·b has the slope b with respect to a, and a is used a second time.",
    )
    assert_allclose(
        b.gradient,
        2.0,
        name="b.gradient",
        hint="a·b has the slope a with respect to b, and - b has the slope -1.",
    )


@pytest.mark.task("Node", points=1)
def test_powers_have_slopes(student):
    """The slope of a³ is 3a², and that of a⁻² is -2a⁻³."""
    for exponent, expected in ((3, [12.0, 0.75]), (-2, [-0.25, -16.0])):
        a = student.graph.Node([2.0, 0.5])
        student.graph.backward((a**exponent).sum())
        assert_allclose(
            a.gradient,
            np.array(expected),
            name=f"a.gradient for a ** {exponent}",
            hint="The exponent comes down as a factor, and is then one less.",
        )


@pytest.mark.task("Node", points=1)
def test_exponentials_and_logarithms_have_slopes(student):
    """The slope of exp(a) is exp(a), and that of log(a) is 1/a; a factor 10 stays a factor."""
    for name, expected in (("exp", np.exp([0.5, 2.0])), ("log", np.array([2.0, 0.5]))):
        a = student.graph.Node([0.5, 2.0])
        result = a.exp() if name == "exp" else a.log()
        student.graph.backward((10 * result).sum())
        assert_allclose(
            a.gradient,
            10 * expected,
            name=f"a.gradient for 10 * a.{name}()",
            hint="The chain rule: what arrives is multiplied by the slope of this operation.",
        )


@pytest.mark.task("Node", points=1)
def test_a_column_meets_a_row(student):
    """Where NumPy broadcasts, each gradient still has the shape of its own value."""
    column, row = student.graph.Node([[1.0], [2.0]]), student.graph.Node([10.0, 20.0, 30.0])
    student.graph.backward((column + column * row).sum())
    assert_allclose(
        column.gradient, np.array([[63.0], [63.0]]), name="column.gradient", hint=SUM_BACK
    )
    assert_allclose(row.gradient, np.array([3.0, 3.0, 3.0]), name="row.gradient", hint=SUM_BACK)


@pytest.mark.task("Node", points=1)
def test_numbers_and_arrays_stand_on_either_side(student):
    """2 * a, a * 2, 1 - a, array + a and array * a give nodes with values and slopes."""
    weights = np.array([10.0, 100.0])
    for name, build, value, slope in (
        ("2 * a", lambda a: 2 * a, [6.0, 8.0], [2.0, 2.0]),
        ("a * 2", lambda a: a * 2, [6.0, 8.0], [2.0, 2.0]),
        ("1 - a", lambda a: 1 - a, [-2.0, -3.0], [-1.0, -1.0]),
        ("array + a", lambda a: weights + a, [13.0, 104.0], [1.0, 1.0]),
        ("array - a", lambda a: weights - a, [7.0, 96.0], [-1.0, -1.0]),
        ("array * a", lambda a: weights * a, [30.0, 400.0], [10.0, 100.0]),
    ):
        a = student.graph.Node([3.0, 4.0])
        result = build(a)
        assert_allclose(result.value, np.array(value), name=f"({name}).value")
        student.graph.backward(result.sum())
        assert_allclose(a.gradient, np.array(slope), name=f"a.gradient for {name}")


@pytest.mark.task("Node", points=1)
def test_matrix_products_have_slopes(student):
    """For C = sum of u · (a @ b), both gradients are products of matrices again."""
    a, b = student.graph.Node(TABLE), student.graph.Node([[1.0], [0.0], [2.0]])
    student.graph.backward((a.matmul(b) * [[1.0], [10.0]]).sum())
    assert_allclose(
        a.gradient,
        np.array([[1.0, 0.0, 2.0], [10.0, 0.0, 20.0]]),
        name="a.gradient",
        hint="(2, 3) comes of (2, 1), which arrives, and (3, 1), transposed.",
    )
    assert_allclose(
        b.gradient,
        np.array([[41.0], [52.0], [63.0]]),
        name="b.gradient",
        hint="(3, 1) comes of (2, 3), transposed, and (2, 1), which arrives.",
    )


@pytest.mark.task("backward", points=1)
def test_a_node_that_is_used_twice(student):
    """For a·a + a the slope is 2a + 1: every use of a adds its share."""
    a = student.graph.Node(5.0)
    student.graph.backward(a * a + a)
    assert_allclose(
        a.gradient,
        11.0,
        name="a.gradient",
        hint="a is used three times, with the slopes 5, 5 and 1.",
    )


@pytest.mark.task("backward", points=1)
def test_a_node_in_the_middle_waits_for_all_that_use_it(student):
    """In C = (m + m·m)·m with m = 2a, m passes its gradient on once, when it is complete."""
    a = student.graph.Node(1.5)
    m = 2 * a
    student.graph.backward((m + m * m) * m)
    assert_allclose(a.gradient, 66.0, name="a.gradient", hint=f"dC/dm is 2m + 3m² = 33. {COLLECT}")


@pytest.mark.task("backward", points=1)
def test_a_second_call_adds_the_same_again(student):
    """Two calls without setting gradients to zero give exactly twice the derivative."""
    a, b = student.graph.Node([1.0, 2.0]), student.graph.Node(3.0)
    result = (a * b * b).sum()
    for times in (1, 2):
        student.graph.backward(result)
        for name, leaf, once in (("a", a, np.array([9.0, 9.0])), ("b", b, 18.0)):
            assert_allclose(
                leaf.gradient,
                times * once,
                name=f"{name}.gradient after {times} call{'s' * (times > 1)}",
                hint="Leaves keep what they have. What nodes in the middle collected in one call "
                "must not flow once more in the next.",
            )


@pytest.mark.task("backward", points=1)
def test_only_a_single_number_has_a_gradient(student):
    """A result of shape (1, 1) works; one with two elements is refused."""
    graph = student.graph
    a = graph.Node([[2.0, 3.0]])
    graph.backward(a.matmul([[5.0], [7.0]]))
    assert_allclose(a.gradient, np.array([[5.0, 7.0]]), name="a.gradient")
    assert_raises(
        ValueError,
        graph.backward,
        a * 2,
        name="backward of a node of shape (1, 2)",
        hint="node.value.size says how many elements there are.",
    )


@pytest.mark.task("backward", points=1)
def test_a_chain_of_ten_thousand_nodes(student):
    """A chain of 10 000 additions has the slope 1 at its beginning."""
    start = student.graph.Node(0.0)
    node = start
    for _ in range(10_000):
        node = node + 1
    assert_allclose(node.value, 10_000.0, name="the value at the end")
    student.graph.backward(node)
    assert_allclose(
        start.gradient,
        1.0,
        name="the gradient at the beginning",
        hint="A function that calls itself for each parent goes 10 000 calls deep. Keep a list of "
        "the nodes that are still to do, and loop.",
    )


@pytest.mark.task("chain_example", points=1)
def test_worked_example_of_the_chain_rule(student):
    """For w = -2, x = -1, b = 3 and target 0: C = 125 and dC/dw = -75."""
    C, slope = student.graph.chain_example(w=-2.0, x=-1.0, b=3.0, target=0.0)
    assert_allclose(C, 125.0, name="C")
    assert_allclose(
        slope,
        -75.0,
        name="dC/dw",
        hint="y = 5, so dC/dy = 3 · 5² = 75, and dy/dw = x = -1.",
    )


@pytest.mark.task("chain_example", points=1)
def test_one_step_downhill(student):
    """A step of 0.01 leads to w = -1.25: y falls from 5 to 4.25, and C from 125 to 76.77."""
    C, slope = student.graph.chain_example(w=-2.0 - 0.01 * -75.0, x=-1.0, b=3.0, target=0.0)
    assert_allclose(C, 4.25**3, name="C")
    assert_allclose(slope, -3 * 4.25**2, name="dC/dw")
