"""What `assert_allclose` accepts, and what it says about the rest."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.checks import CheckFailure, assert_allclose

SQUARE = np.arange(6.0).reshape(2, 3)
HUGE = 10**400


def failure_of(actual: Any, expected: Any, **terms: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        assert_allclose(actual, expected, **terms)
    return caught.value


def message_of(actual: Any, expected: Any, **terms: Any) -> str:
    return failure_of(actual, expected, **terms).message


class Hostile:
    """An object that answers every question in its own favour."""

    __array_priority__ = 1e9

    def _cheat(self, *_: Any) -> Any:
        raise AssertionError("the student's code was called")

    __eq__ = __ne__ = __le__ = __sub__ = __rsub__ = __repr__ = __str__ = __float__ = _cheat
    __int__ = __index__ = __len__ = __iter__ = __array__ = __format__ = __bool__ = _cheat
    __array_ufunc__ = __hash__ = _cheat


class HostileMeta(type):
    """A class whose comparison, hash and name are the student's code, too."""

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("the student's code was called")

    def __hash__(cls) -> int:
        raise AssertionError("the student's code was called")

    @property
    def __name__(cls) -> str:
        raise AssertionError("the student's code was called")


class HostileClass(metaclass=HostileMeta):
    """A class of that kind."""


def boxed(value: object, shape: tuple[int, ...]) -> np.ndarray:
    box = np.empty(shape, dtype=object)
    box.fill(value)
    return box


class CustomArray(np.ndarray):
    """An array that could override anything."""


class LuckyFloat(float):
    """A float that equals everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LuckyList(list):
    """A list that claims to be empty."""

    def __len__(self) -> int:
        return 0


def test_a_wrong_value_is_reported_with_count_worst_tolerance_arrays_and_hint():
    """The whole message: what, how much, where, both values, the tolerance, the hint."""
    padded = np.zeros((3, 4), dtype=np.int64)
    padded[0] = [1, 4, 2, 0]
    failure = failure_of(
        padded.astype(float), np.zeros((3, 4)), name="padded", hint="Is the border zero?"
    )
    assert str(failure) == (
        "padded differs from what is expected (3 of 12 elements)\n"
        "  worst: padded[0, 1] is 4, expected 0\n"
        "  tolerance: 1e-09 + 1e-09 * |expected|\n"
        "  got:      [[1. 4. 2. 0.]\n"
        "             [0. 0. 0. 0.]\n"
        "             [0. 0. 0. 0.]]\n"
        "  expected: [[0. 0. 0. 0.]\n"
        "             [0. 0. 0. 0.]\n"
        "             [0. 0. 0. 0.]]\n"
        "  hint: Is the border zero?"
    )


def test_message_hint_and_picture_are_kept_apart():
    """A failure keeps what is wrong apart from what to think about."""
    failure = failure_of(2, 3, name="size", hint="Round down.")
    assert failure.message == "size is 2, expected 3\n  tolerance: none, these are compared exactly"
    assert failure.hint == "Round down."
    assert failure.picture is None
    assert str(failure) == failure.message + "\n  hint: Round down."


AGREE: dict[str, tuple[Any, Any]] = {
    "equal arrays": (SQUARE, SQUARE.copy()),
    "memory in another order": (SQUARE[:, ::-1].T, SQUARE[:, ::-1].T.copy()),
    "within the tolerance": (SQUARE + 1e-12, SQUARE),
    "within the tolerance of float32": (np.float32([1.000001]), np.float32([1.0])),
    "empty arrays": (np.zeros((0, 3)), np.zeros((0, 3))),
    "arrays of shape ()": (np.array(2.5), np.array(2.5)),
    "bytes": (np.array([1, 2], dtype=np.uint8), np.array([1, 2], dtype=np.uint8)),
    "booleans": (np.array([True, False]), np.array([True, False])),
    "complex numbers": (np.array([1 + 2j]), np.array([1 + 2j])),
    "nothing finite": (np.array([np.nan, np.inf, -np.inf]), np.array([np.nan, np.inf, -np.inf])),
    "float": (1.0, 1.0),
    "int for float": (1, 1.0),
    "float64 for float": (np.float64(1.0), 1.0),
    "float32 for float": (np.float32(1.0), 1.0),
    "array of shape () for float": (np.array(1.0), 1.0),
    "float for complex": (1.0, 1 + 0j),
    "NaN": (float("nan"), float("nan")),
    "infinity": (float("inf"), float("inf")),
    "int64 for int": (np.int64(3), 3),
    "int for int64": (3, np.int64(3)),
    "array of shape () for int": (np.array(3), 3),
    "a huge int": (HUGE, HUGE),
    "numpy's bool for bool": (np.True_, True),
    "list": ([1, 2.0], [1, 2.0]),
    "tuple": ((2.5, SQUARE), (2.5, SQUARE.copy())),
}


@pytest.mark.parametrize(("actual", "expected"), AGREE.values(), ids=AGREE.keys())
def test_what_agrees_passes(actual: Any, expected: Any):
    """Values of the right type that are close enough pass."""
    assert_allclose(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (None, SQUARE, "result: the function returned None (is a `return` missing?)"),
        (None, 1.0, "result: the function returned None (is a `return` missing?)"),
        ([1, 2], SQUARE, "result is a list of length 2, expected an array of shape (2, 3)"),
        (2, SQUARE, "result is the int 2, expected an array of shape (2, 3)"),
        (np.float64(2), np.array(2.0), "result is the float64 2.0, expected an array of shape ()"),
        (SQUARE, 1.0, "result is an array of shape (2, 3) and dtype float64, expected a float"),
        (True, 1, "result is the bool True, expected an integer"),
        (True, 1.0, "result is the bool True, expected a float"),
        (2.0, 2, "result is the float 2.0, expected an integer"),
        (1, True, "result is the int 1, expected a bool"),
        (1j, 1.0, "result is the complex 0+1j, expected a float"),
        ("3.0", 3.0, "result is the text '3.0', expected a float"),
        ("a" * 200, 3.0, f"result is the text '{'a' * 99}…', expected a float"),
        ((1, 2), [1, 2], "result is a tuple of length 2, expected a list"),
        ([1], (1,), "result is a list of length 1, expected a tuple"),
        ([1, 2, 3], [1, 2], "result has length 3, expected 2"),
        ((1, None), (1, 2), "result[1] is None, expected an integer"),
        (lambda: 1, 1.0, "result is a function, expected a float"),
    ],
)
def test_a_wrong_type_is_named(actual: Any, expected: Any, message: str):
    """The type comes first, in words that a beginner knows."""
    assert message_of(actual, expected) == message


@pytest.mark.parametrize(
    ("actual", "expected", "reason"),
    [
        (np.uint8, np.float64, " (integers have no fractions, and wrap when they overflow)"),
        (np.int64, np.float32, " (integers have no fractions, and wrap when they overflow)"),
        (np.float64, np.uint8, " (a division, or an array made without a dtype, turns integers"),
        (np.int64, np.uint8, " (was the array made without this dtype?)"),
        (np.bool_, np.float64, " (comparisons give booleans)"),
        (np.float32, np.float64, " (digits were lost on the way)"),
        (np.float64, np.float32, " (arrays are float64 unless they are made otherwise)"),
        (np.object_, np.float64, " (numpy found something other than numbers, or rows of"),
        (np.complex128, np.float64, ""),
    ],
)
def test_a_wrong_dtype_is_named_before_the_shape(actual: Any, expected: Any, reason: str):
    """The dtype comes before the shape, with what usually leads to it."""
    message = message_of(np.zeros((3, 5), actual), np.zeros((5, 7), expected), name="padded")
    names = np.dtype(actual).name, np.dtype(expected).name
    assert message.startswith(f"padded has dtype {names[0]}, expected {names[1]}{reason}")


def test_a_wrong_shape_is_named_before_the_values():
    """The shape comes before the values."""
    message = message_of(np.full((3, 5), np.nan), np.zeros((5, 7)), name="padded")
    assert message == "padded has shape (3, 5), expected (5, 7)"


def test_shapes_that_broadcast_are_still_different():
    """A column is no row, although numpy would subtract them."""
    assert "has shape (3, 1), expected (3,)" in message_of(np.zeros((3, 1)), np.zeros(3))


def test_nan_is_named_before_other_values():
    """NaN and infinity come before the values, with the first of them."""
    got = SQUARE.copy()
    got[0, 1], got[1, 2], got[0, 0] = np.nan, np.inf, 7
    message = message_of(got, SQUARE)
    assert message == "result contains NaN at [0, 1] (2 of 6 elements are NaN or infinite)"


def test_one_infinity_is_named():
    """A single infinity is named as such."""
    message = message_of(np.array([1.0, -np.inf]), np.zeros(2))
    assert message == "result contains -inf at [1] (1 of 2 elements is NaN or infinite)"


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 0.0])
@pytest.mark.parametrize("expected", [np.nan, np.inf, -np.inf, 1.0])
def test_values_that_are_not_finite_agree_only_with_themselves(wrong: float, expected: float):
    """NaN where infinity is expected is wrong, whatever the tolerance."""
    if repr(wrong) != repr(expected):
        failure_of(np.array([wrong]), np.array([expected]), rtol=0.5)
        failure_of(wrong, expected, rtol=0.5)


def test_unsigned_integers_do_not_wrap():
    """In uint8, 0 − 255 would be 1: small, and wrong."""
    got, expected = np.array([0, 7], np.uint8), np.array([255, 7], np.uint8)
    assert "worst: result[0] is 0, expected 255" in message_of(got, expected, atol=3)
    assert_allclose(np.array([254], np.uint8), np.array([255], np.uint8), atol=1)


def test_integers_are_exact_where_floats_are_not():
    """2**62 + 1 is not 2**62, although it is as a float64; nor is the last int64 the first."""
    assert "is 4611686018427387905," in message_of(np.array([2**62 + 1]), np.array([2**62]))
    assert "1 of 1" in message_of(np.array([2**63 - 1]), np.array([-(2**63)]), atol=1e18)
    assert "is 4611686018427387905," in message_of(2**62 + 1, 2**62)


@pytest.mark.parametrize("expected", [1, 1.0, HUGE])
def test_an_integer_of_any_size_can_be_compared_and_shown(expected: float):
    """Python's integers know no bounds; a message does."""
    message = message_of(10**5000, expected)
    assert message.startswith("result is an integer of 16610 bits, expected")


def test_as_many_digits_are_shown_as_tell_two_numbers_apart():
    """Two numbers that differ never look alike."""
    assert message_of(1.00000001, 1.0).startswith("result is 1.00000001, expected 1\n")


def test_the_tolerance_can_be_widened():
    """Given tolerances replace the usual ones, for integers too."""
    assert_allclose(np.array([1.1]), np.array([1.0]), rtol=0.2)
    assert_allclose(np.array([12]), np.array([10]), atol=2)
    assert "  tolerance: 0.01 + 0 * |expected|" in message_of(1.1, 1.0, rtol=0, atol=0.01)


def test_large_arrays_are_not_printed():
    """A large array is summed up: nobody reads a hundred numbers."""
    message = message_of(np.ones((10, 10)), np.zeros((10, 10)))
    assert message.count("\n") == 2


def test_an_element_of_a_tuple_is_named_by_its_place():
    """What is wrong inside a tuple is named by its place there."""
    message = message_of((1.0, SQUARE + 1), (1.0, SQUARE), name="batch")
    assert message.startswith("batch[1] differs from what is expected (6 of 6 elements)")
    assert "worst: batch[1][0, 0] is 1, expected 0" in message


CHEATS: dict[str, Any] = {
    "object": Hostile(),
    "class": Hostile,
    "object of a hostile class": HostileClass(),
    "hostile class": HostileClass,
    "subclass of ndarray": SQUARE.view(CustomArray),
    "masked array": np.ma.masked_array(SQUARE, mask=True),
    "subclass of float": LuckyFloat(5),
    "subclass of list": LuckyList([1.0]),
    "array of objects": boxed(Hostile(), (2, 3)),
    "array of one object": boxed(Hostile(), ()),
    "list of objects": [Hostile()],
    "tuple of objects": (Hostile(),),
}


@pytest.mark.parametrize(
    "expected",
    [SQUARE, 1.0, 2, True, (1.0,), [SQUARE]],
    ids=["array", "float", "int", "bool", "tuple", "list"],
)
@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS.keys())
def test_nothing_of_an_unknown_object_is_called(cheat: Any, expected: Any):
    """An object that overrides comparison fails, and none of its methods runs."""
    assert "expected" in message_of(cheat, expected)


def test_an_odd_type_name_does_not_reach_the_message():
    """A student's class cannot write lines of its own into a report."""
    odd = type("float, all correct\n\nPASSED", (), {})()
    assert message_of(odd, 1.0) == "result is a nameless object, expected a float"


@pytest.mark.parametrize("expected", [None, "text", {"a": 1}, np.array(["a"]), object()])
def test_a_test_that_expects_something_else_is_the_authors_mistake(expected: Any):
    """A test that expects no numbers is broken, and no student fails for it."""
    with pytest.raises(TypeError, match="only numbers and arrays are compared"):
        assert_allclose(1.0, expected)


def test_a_later_change_does_not_reach_the_picture():
    """The picture shows what was compared, not what became of it."""
    got = SQUARE + 1
    picture = failure_of(got, SQUARE, name="edges", picture=True).picture
    got[:] = 0
    assert picture is not None
    assert picture.name == "edges"
    np.testing.assert_array_equal(picture.got, SQUARE + 1)
    np.testing.assert_array_equal(picture.expected, SQUARE)


def test_images_of_different_shape_can_be_looked_at():
    """A wrong shape is easier to see than to read about."""
    picture = failure_of(SQUARE.T, SQUARE, picture=True).picture
    assert picture is not None
    assert picture.got.shape == (3, 2)


@pytest.mark.parametrize("got", [None, 3.0, [1.0], np.zeros(6), np.full((2, 2), None)])
def test_what_is_no_image_makes_no_picture(got: Any):
    """There is nothing to look at when what came out is no image."""
    assert failure_of(got, SQUARE, picture=True).picture is None


def test_the_message_says_where_in_an_image_it_is_wrong():
    """For an image the message says where the wrong pixels lie."""
    got = np.zeros((28, 28))
    got[0] = 1
    message = message_of(got, np.zeros((28, 28)), picture=True)
    assert "\n  where: rows 0–0 and columns 0–27 (the top edge)\n" in message


finite = st.floats(-1e6, 1e6)
shapes = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


@given(arrays.arrays(np.float64, shapes))
def test_every_array_agrees_with_its_copy(array: np.ndarray):
    """An array of any floats, NaN included, agrees with its copy."""
    assert_allclose(array, array.copy())


@given(
    arrays.arrays(np.float64, (2, 3), elements=finite),
    arrays.arrays(np.float64, (2, 3), elements=finite),
)
def test_finite_arrays_agree_exactly_when_numpy_says_so(got: np.ndarray, expected: np.ndarray):
    """On finite arrays the verdict is that of `numpy.allclose`."""
    if np.allclose(got, expected, rtol=1e-3, atol=1e-3):
        assert_allclose(got, expected, rtol=1e-3, atol=1e-3)
    else:
        assert "differs" in message_of(got, expected, rtol=1e-3, atol=1e-3)


@given(
    st.sampled_from([np.int8, np.uint8, np.int64, np.uint64]).flatmap(
        lambda dtype: st.tuples(*[arrays.arrays(dtype, 4)] * 2)
    )
)
def test_integer_arrays_agree_exactly_when_they_are_equal(pair: tuple[np.ndarray, np.ndarray]):
    """On integers the verdict is equality, and the worst element is the worst."""
    got, expected = pair
    if (got == expected).all():
        assert_allclose(got, expected)
        return
    message = message_of(got, expected)
    errors = [abs(int(a) - int(e)) for a, e in zip(got, expected, strict=True)]
    worst = int(message.split("worst: result[")[1].split("]")[0])
    assert errors[worst] == pytest.approx(max(errors))
