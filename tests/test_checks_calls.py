"""What `assert_raises` and `assert_unchanged` accept, and what they say about the rest."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks import CheckFailure, assert_raises, assert_unchanged
from grader.errors import UnusableError
from grader.raised import StudentError

IMAGE = np.arange(6.0).reshape(2, 3)


def raiser(error: BaseException) -> Callable[..., Any]:
    def pad2d(*args: Any, **kwargs: Any) -> Any:
        raise error

    return pad2d


def message_of(check: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(CheckFailure) as caught:
        check(*args, **kwargs)
    return str(caught.value)


class MoodyError(Exception):
    """A student's exception, whose text is code of the student's."""

    def __str__(self) -> str:
        raise AssertionError("the student's code was called")

    __repr__ = __str__

    @property
    def args(self) -> tuple[Any, ...]:
        """Run the student's code."""
        raise AssertionError("the student's code was called")


class TestAssertRaises:
    """`assert_raises`."""

    def test_the_right_exception_passes(self):
        """The exception that is expected passes, and so does a subclass of it."""
        assert_raises(ValueError, raiser(ValueError("odd")))
        assert_raises(LookupError, raiser(KeyError("mode")))
        assert_raises(ValueError, raiser(ValueError()))

    def test_arguments_are_handed_on(self):
        """What follows the function is what the function is called with."""
        assert_raises(ValueError, int, "z", base=10)

    def test_a_result_is_a_failure(self):
        """A function that returns something did not raise; the message says what it returned."""
        message = message_of(assert_raises, ValueError, lambda x: x, IMAGE, name="pad2d", hint="?")
        assert message == (
            "pad2d returned an array of shape (2, 3) and dtype float64, expected a ValueError\n"
            "  hint: ?"
        )

    def test_the_function_is_called_by_its_own_name(self):
        """Without a name, the function's own is used."""
        assert message_of(assert_raises, ValueError, abs, -1) == (
            "abs returned the int 1, expected a ValueError"
        )

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (IndexError("index 7 is out of bounds"), "IndexError: index 7 is out of bounds"),
            (IndexError(), "IndexError"),
            (TypeError(MoodyError()), "TypeError"),
            (ZeroDivisionError("a\n\x1b[2Jb"), "ZeroDivisionError: a ?[2Jb"),
            (MoodyError("fine"), "MoodyError: fine"),
            (SystemExit(0), "SystemExit"),
            (GeneratorExit(), "GeneratorExit"),
            (pytest.skip.Exception("no need"), "Skipped: no need"),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else value[:25],
    )
    def test_another_exception_is_a_failure(self, error: BaseException, words: str):
        """Another exception is named, `SystemExit` and pytest's own included."""
        message = message_of(assert_raises, ValueError, raiser(error))
        assert message == f"pad2d raised {words}, expected a ValueError"

    def test_an_exception_from_a_worker_has_its_own_name(self):
        """An exception that crossed from the sandbox is called what it was there."""
        error = StudentError("0", function="pad2d", kind="SystemExit", place="padding.py, line 3")
        message = message_of(assert_raises, ValueError, raiser(error))
        assert message == "pad2d raised SystemExit: 0, expected a ValueError"

    @pytest.mark.parametrize("expected", [ValueError, RuntimeError, NotImplementedError, Exception])
    def test_a_stub_never_passes(self, expected: type[Exception]):
        """`NotImplementedError` says that there is nothing yet, whatever is expected."""
        message = message_of(assert_raises, expected, raiser(NotImplementedError("TODO")))
        assert message == "pad2d is not implemented yet"

    @pytest.mark.parametrize("error", [KeyboardInterrupt(), UnusableError("was still running")])
    def test_what_is_no_answer_passes_through(self, error: BaseException):
        """An interrupt, or a worker without an answer, is not judged by a check."""
        with pytest.raises(type(error)):
            assert_raises(Exception, raiser(error))


def double(image: np.ndarray) -> np.ndarray:
    return 2 * image


def double_in_place(image: np.ndarray) -> np.ndarray:
    image *= 2
    return image.copy()


def reshape_in_place(image: np.ndarray) -> float:
    image.resize((3, 2), refcheck=False)
    return 0.0


class TestAssertUnchanged:
    """`assert_unchanged`."""

    def test_it_returns_the_result(self):
        """A function that leaves its arguments alone passes, and its result is handed on."""
        result = assert_unchanged(double, IMAGE, names=("image",))
        np.testing.assert_array_equal(result, 2 * IMAGE)

    def test_keyword_arguments_are_handed_on(self):
        """Keyword arguments reach the function."""
        assert assert_unchanged(round, 2.567, ndigits=1) == 2.6

    def test_a_changed_array_is_a_failure(self):
        """The message names the argument, counts, and gives the first change."""
        image = IMAGE.copy()
        assert message_of(assert_unchanged, double_in_place, image, names=("image",)) == (
            "image was changed by the call (5 of 6 elements)\n"
            "  first: image[0, 1] was 1, it is now 2\n"
            "  hint: Work on a copy of the argument."
        )

    def test_the_hint_of_the_test_goes_first(self):
        """A hint that the test gives replaces the usual one."""
        message = message_of(assert_unchanged, double_in_place, IMAGE.copy(), hint="See 2.3.")
        assert message.endswith("  hint: See 2.3.")
        assert message.startswith("argument 1 was changed")

    def test_the_second_argument_is_watched_too(self):
        """Every positional argument is watched."""

        def subtract(x: np.ndarray, y: np.ndarray) -> None:
            y -= x

        message = message_of(assert_unchanged, subtract, IMAGE, IMAGE.copy(), names=("x", "y"))
        assert message.startswith("y was changed by the call (5 of 6 elements)")

    def test_nan_is_no_change(self):
        """An array with NaN in it is compared by its bytes."""
        assert_unchanged(double, np.array([np.nan, 1.0]))

    def test_an_array_without_elements_is_no_change(self):
        """An empty array has no bytes to change."""
        assert_unchanged(double, np.zeros((0, 3)))

    def test_a_new_shape_is_a_change(self):
        """An array that was reshaped in place was changed."""
        message = message_of(assert_unchanged, reshape_in_place, IMAGE.copy(), names=("image",))
        assert message.startswith(
            "image was changed by the call: it was an array of shape (2, 3) and dtype float64, "
            "it is now an array of shape (3, 2) and dtype float64"
        )

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda x: x.append(1), "x was changed by the call: it was a list of length 2, it is"),
            (lambda x: x.__setitem__(0, 7), "x[0] was changed by the call: it was the int 3, it"),
            (lambda x: x[1].fill(7), "x[1] was changed by the call (6 of 6 elements)"),
            (lambda x: x.__setitem__(1, "a"), "x[1] was changed by the call: it was an array of"),
        ],
        ids=["longer", "a number", "an array", "a type"],
    )
    def test_lists_are_watched(self, change: Callable[..., Any], words: str):
        """A list and what is in it are watched."""
        message = message_of(assert_unchanged, change, [3, IMAGE.copy()], names=("x",))
        assert message.startswith(words)

    def test_a_list_that_stays_as_it_is_passes(self):
        """A list of numbers, NaN among them, may be passed and left alone."""
        assert assert_unchanged(len, [1, float("nan"), np.float32(0.1), "a", None]) == 5

    def test_a_generator_may_advance(self):
        """Drawing random numbers changes the generator, and is no mistake."""
        assert_unchanged(lambda rng: rng.random(), np.random.default_rng(0))

    @pytest.mark.parametrize(
        "view",
        [lambda x: x, lambda x: x[:, ::-1], lambda x: (1.0, x.T)],
        ids=["the argument", "a slice", "in a tuple"],
    )
    def test_a_view_is_a_failure(self, view: Callable[..., Any]):
        """A result that shares memory with an argument is not a new array."""
        view.__name__ = "flip"
        assert message_of(assert_unchanged, view, IMAGE) == (
            "flip returned a view: its result and an argument share memory\n"
            "  hint: Return a new array; `.copy()` makes one."
        )


def test_importing_the_checks_imports_no_heavy_library():
    """The checks cost nothing beyond numpy until they are needed."""
    code = (
        "import sys, numpy; import grader.checks\n"
        "print({'matplotlib', 'pytest', 'grader.student'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
