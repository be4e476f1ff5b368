"""What `assert_gradient` accepts, what it calls wrong, and how seldom it calls the function."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.gradient_problems import Problem, cross_entropy, d_cross_entropy, right, softmax
from benchmarks.planted_bugs import bugs
from grader.checks import CheckFailure, assert_gradient
from grader.codec import decode, encode
from grader.errors import UnusableError

RNG = np.random.default_rng(0)
LOGITS = 2 * RNG.standard_normal((4, 3))
LABELS = np.array([0, 2, 1, 2])
GRADIENT = d_cross_entropy(LOGITS, LABELS)
SEEDS = 20  # benchmarks/gradient_bugs.py runs 200


class Counted:
    """A function that counts its calls, and knows what it was called with."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.calls = 0
        self.dtypes: set[Any] = set()

    def __call__(self, x: Any) -> Any:
        """Count, and call."""
        self.calls += 1
        self.dtypes.add(x.dtype)
        return self.function(x)


def loss(z: np.ndarray) -> Any:
    return cross_entropy(z, LABELS)


def failure_of(f: Any, x: Any, gradient: Any, **terms: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        assert_gradient(f, x, gradient, **terms)
    return caught.value


def check(problem: Problem, rng: np.random.Generator) -> None:
    shape = np.shape(problem.forward(problem.x))
    upstream = rng.standard_normal(shape) if shape else None
    gradient = problem.backward(problem.x, 1.0 if upstream is None else upstream)
    told = {key: v(upstream) if callable(v) else v for key, v in problem.told.items()}
    assert_gradient(problem.forward, problem.x, gradient, upstream=upstream, rng=rng, **told)


class TestRightGradients:
    """No false alarms, and few calls."""

    @pytest.mark.parametrize("dtype", [np.float64, np.float32])
    def test_right_gradients_pass_at_every_place(self, dtype):
        """Saturated, badly scaled, flat and kinked functions raise no alarm."""
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            for problem in right(rng, dtype):
                check(problem, rng)

    def test_the_number_of_calls_does_not_grow_with_the_array(self):
        """A right gradient of 50 000 elements takes as many calls as one of 12."""
        counts = []
        for shape in ((4, 3), (784, 64)):
            x = np.random.default_rng(1).standard_normal(shape)
            f = Counted(lambda x: np.sum(np.sin(x)))
            assert_gradient(f, x, np.cos(x))
            counts.append(f.calls)
        assert counts[0] == counts[1] <= 20

    def test_a_wrong_gradient_takes_a_bounded_number_of_calls(self):
        """One wrong element among 50 000 is found, and named, in less than 400 calls."""
        x = np.random.default_rng(1).standard_normal((784, 64))
        gradient = np.cos(x)
        gradient[300, 20] += 0.5
        f = Counted(lambda x: np.sum(np.sin(x)))
        failure = failure_of(f, x, gradient, name="dw")
        assert "worst: dw[300, 20] is" in failure.message
        assert "elements looked at differ" in failure.message
        assert failure.hint == "Only dw[300, 20] is wrong."
        assert f.calls < 400

    def test_numbers_are_differentiated_too(self):
        """A function of one number has a gradient that is a number."""
        assert_gradient(lambda x: x**3 + 4 * x**2 + 2 * x + 6, 3.0, 53.0)
        failure = failure_of(lambda x: x**3, 3.0, 26.0, of="the cube")
        assert failure.message.startswith(
            "gradient is not the gradient of the cube (1 of 1 elements differ)\n"
            "  worst: gradient is 26, central differences give 27"
        )

    def test_x_is_never_changed(self):
        """A function that changes its argument changes a copy."""
        x = np.ones(3)

        def f(z: np.ndarray) -> float:
            value = float(np.sum(z**2))
            z += 1
            return value

        assert_gradient(f, x, 2 * x)
        assert x.tolist() == [1.0, 1.0, 1.0]

    def test_values_may_come_from_another_process(self):
        """A function whose arguments and results are copied on the way passes as well."""

        def through(value: Any) -> Any:
            header, buffers = encode(value)
            return decode(header, bytearray(b"".join(buffers)))

        assert_gradient(lambda z: through(loss(through(z))), LOGITS, through(GRADIENT))


class TestPrecision:
    """float32, and functions that compute in it."""

    def test_float32_is_differentiated_in_float64(self):
        """A function of float32 is called with float64 where it takes that."""
        x = LOGITS.astype(np.float32)
        f = Counted(loss)
        assert_gradient(f, x, d_cross_entropy(x, LABELS))
        assert f.dtypes == {np.dtype(np.float64)}

    def test_a_function_may_insist_on_float32(self):
        """One that takes float32 only is called with that, and a mistake is still found."""
        x = LOGITS.astype(np.float32)

        def f(z: np.ndarray) -> Any:
            if z.dtype != np.float32:
                raise TypeError("float32, please")
            return loss(z)

        gradient = d_cross_entropy(x, LABELS)
        assert_gradient(f, x, gradient)
        assert "This is minus" in failure_of(f, x, -gradient).hint

    def test_single_precision_inside_is_noticed(self):
        """A float64 that was computed in float32 is measured with longer steps."""

        def f(z: np.ndarray) -> float:
            return float(loss(z.astype(np.float32)))

        assert_gradient(f, LOGITS, GRADIENT)
        assert "dlogits is not" in failure_of(f, LOGITS, 1.1 * GRADIENT, name="dlogits").message

    def test_a_slow_answer_is_no_wish_for_float32(self):
        """When the worker is gone, that is not tried a second time."""
        f = Counted(lambda _: (_ for _ in ()).throw(UnusableError("gone")))
        with pytest.raises(UnusableError):
            assert_gradient(f, LOGITS.astype(np.float32), GRADIENT)
        assert f.calls == 1


class TestKinks:
    """ReLU and maximum have points without a derivative."""

    X = np.array([[-1.0, 0.0, 2.0], [0.0, 3.0, -4.0]])

    @pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
    def test_any_value_is_right_at_a_kink(self, at_zero):
        """What a student takes for ReLU'(0) makes no difference."""
        gradient = np.where(self.X == 0, at_zero, self.X > 0)
        assert_gradient(lambda x: np.sum(np.maximum(x, 0)), self.X, gradient)

    def test_a_mistake_beside_a_kink_is_found(self):
        """The other elements are still compared."""
        gradient = np.where(self.X > 0, 2.0, 0.0)
        failure = failure_of(lambda x: np.sum(np.maximum(x, 0)), self.X, gradient)
        assert "is 2, central differences give 1" in failure.message

    def test_a_few_kinks_in_a_large_array_cost_little(self):
        """Five zeros among 2000 numbers hide no wrong row."""
        x = np.random.default_rng(2).standard_normal((200, 10))
        x.flat[::400] = 0
        f = Counted(lambda x: np.sum(np.abs(x)))
        assert_gradient(f, x, np.sign(x))
        assert f.calls < 600
        wrong = np.sign(x)
        wrong[-1] = 0
        assert "last row" in failure_of(f, x, wrong).hint

    def test_where_all_is_kinks_nothing_passes(self):
        """A check that can compare nothing says so, instead of passing."""
        failure = failure_of(lambda x: np.sum(np.abs(x)), np.zeros(6), np.zeros(6))
        assert failure.message == (
            "the gradient cannot be checked: the function has a kink, or jumps, at every element"
        )

    def test_noise_is_no_function(self):
        """The same holds for a function that gives something else each time."""
        noise = np.random.default_rng(3)
        failure = failure_of(lambda x: np.sum(x) + noise.normal(), np.ones(6), np.ones(6))
        assert "cannot be checked" in failure.message or "is not the gradient" in failure.message


class TestUpstream:
    """Functions that give an array."""

    def test_the_gradient_belongs_to_the_weighted_sum(self):
        """With an upstream gradient, the output's elements are weighted by it."""
        u = np.random.default_rng(4).standard_normal((4, 3))
        p = softmax(LOGITS)
        gradient = p * (u - (p * u).sum(axis=1, keepdims=True))
        assert_gradient(softmax, LOGITS, gradient, upstream=u)
        assert "gradient is not" in failure_of(softmax, LOGITS, p * u, upstream=u).message

    def test_a_backward_function_is_given_random_numbers(self):
        """A callable gradient is called once, with an upstream gradient of the output's shape."""
        seen = []

        def backward(u: np.ndarray) -> np.ndarray:
            seen.append(u)
            return u.sum(axis=0)

        assert_gradient(lambda b: LOGITS + b, np.zeros(3), backward)
        assert len(seen) == 1
        assert seen[0].shape == (4, 3)
        assert np.unique(seen[0]).size == 12

    def test_a_loss_must_be_a_number(self):
        """Without an upstream gradient the function gives a number."""
        failure = failure_of(lambda z: z.sum(axis=1), LOGITS, GRADIENT)
        assert failure.message == "the loss is an array of shape (4,), expected a number"

    def test_the_output_has_the_shape_of_the_upstream_gradient(self):
        """With one, the shapes must fit."""
        failure = failure_of(softmax, LOGITS, GRADIENT, upstream=np.ones((3, 4)))
        assert failure.message == "the output is an array of shape (4, 3), expected shape (3, 4)"


class TestValues:
    """Type, dtype, shape and finiteness come before the value."""

    @pytest.mark.parametrize(
        ("gradient", "message"),
        [
            (None, "dlogits is None\n  hint: Is a `return` missing?"),
            (1.0, "dlogits is the float 1.0, expected an array of shape (4, 3)"),
            (GRADIENT.tolist(), "dlogits is a list of length 4, expected an array of shape (4, 3)"),
            (
                GRADIENT.astype(np.float32),
                "dlogits has dtype float32, expected float64 (digits were lost on the way)",
            ),
            (
                GRADIENT.T,
                "dlogits has shape (3, 4), expected (4, 3)\n"
                "  hint: This is the shape of the transpose: look at the order of the matrix"
                " product.",
            ),
            (
                np.where(np.eye(4, 3), np.nan, GRADIENT),
                "dlogits[0, 0] is NaN (3 of 12 elements are NaN or infinite)",
            ),
        ],
    )
    def test_a_gradient_of_another_kind(self, gradient, message):
        """Each is told in a sentence."""
        assert str(failure_of(loss, LOGITS, gradient, name="dlogits")) == message

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            (None, "the loss is None, expected a number or an array of numbers"),
            ("0.5", "the loss is the text '0.5', expected a number or an array of numbers"),
            (np.nan, "the loss is NaN or infinite at the point where it is differentiated"),
            (10**400, "the loss is NaN or infinite at the point where it is differentiated"),
        ],
    )
    def test_a_loss_of_another_kind(self, value, message):
        """What the function gives is looked at before it is used."""
        assert failure_of(lambda _: value, LOGITS, GRADIENT).message == message

    def test_a_loss_that_changes_its_shape(self):
        """The function must give the same kind of value at every point."""
        values = iter([0.5, np.ones(2)])
        failure = failure_of(lambda _: next(values), LOGITS, GRADIENT)
        assert failure.message == "the loss has shape (2,) at one point and () at another"

    def test_the_author_gives_a_finite_float_array(self):
        """What is wrong with x is the author's affair."""
        with pytest.raises(TypeError, match="finite float64 or float32"):
            assert_gradient(loss, np.arange(3), GRADIENT)

    def test_tolerances_can_be_given(self):
        """A gradient that is a little wrong passes with a larger tolerance."""
        nearly = GRADIENT * (1 + 1e-4)
        assert "is not the gradient" in failure_of(loss, LOGITS, nearly).message
        assert_gradient(loss, LOGITS, nearly, rtol=1e-3)
        assert_gradient(loss, LOGITS, nearly, atol=1e-3)


class TestMessages:
    """What students read."""

    def test_the_message_of_a_summed_loss(self):
        """What, how much, where, both values, the tolerance, the cause, the author's hint."""
        terms: dict[str, Any] = {"name": "dlogits", "sizes": {"N": 4}, "hint": "See section 2."}
        message = str(failure_of(loss, LOGITS, 4 * GRADIENT, **terms))
        assert re.sub(r"\de-09", "2e-09", message) == (  # the measured error varies
            "dlogits is not the gradient of the loss (12 of 12 elements differ)\n"
            "  worst: dlogits[0, 0] is -0.772543, central differences give -0.193136\n"
            "  tolerance: 2e-09 + 1e-06 * |expected|\n"
            "  hint: This is the gradient times 4, and 4 is N: this belongs to a sum; if the"
            " function is a mean, its gradient is divided like it. See section 2."
        )

    @pytest.mark.parametrize("bug", bugs(), ids=lambda bug: bug.name)
    def test_every_planted_bug_is_caught(self, bug):
        """No mistake of the collection passes."""
        with pytest.raises(CheckFailure):
            check(bug, np.random.default_rng(5))
