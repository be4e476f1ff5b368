"""Put values and their differences into words.

A value from a student's function may be anything, so these words come from its
exact type alone: no method that a student could have written is called.
"""

from typing import Any, cast

import numpy as np

from grader.crossing import Proxy
from grader.tensors import is_tensor

NUMPY_NUMBERS = tuple(
    np.dtype(code).type for code in np.typecodes["All"] if np.dtype(code).kind in "biufc"
)
_PYTHON_NUMBERS = {bool: "b", int: "i", float: "f", complex: "c"}
_LONGEST = 100  # characters of a student's text that a message repeats

_DTYPE_REASONS = {
    "object": "numpy found something other than numbers, or rows of different lengths",
    "if": "integers have no fractions, and wrap when they overflow",
    "fi": "a division, or an array made without a dtype, turns integers into floats",
    "ii": "was the array made without this dtype?",
    "bf": "comparisons give booleans",
    "bi": "comparisons give booleans",
    "narrower": "digits were lost on the way",
    "wider": "arrays are float64 unless they are made otherwise",
}


def is_exactly(value: object, *types: type) -> bool:
    """Whether the type of `value` is one of `types`, and not a subclass.

    `is` rather than `in`: a metaclass can bring its own `__eq__` and `__hash__`.
    """
    return any(type(value) is each for each in types)


def number_kind(value: object) -> str:
    """Say what sort of number `value` is: 'b', 'i', 'f' or 'c'; '' for anything else."""
    if is_exactly(value, *_PYTHON_NUMBERS):
        return _PYTHON_NUMBERS[type(value)]
    if is_exactly(value, *NUMPY_NUMBERS):
        return np.dtype(type(value)).kind.replace("u", "i")
    return ""


def plain_number(value: Any) -> complex:
    """Give a number as Python's own type, in which integers do not wrap."""
    convert = {kind: python_type for python_type, kind in _PYTHON_NUMBERS.items()}
    number: complex = convert[number_kind(value)](value)
    return number


def type_name(value: object) -> str:
    """Name the type of `value`, asking `type` itself rather than a metaclass.

    What stands for an object in a worker is named as that is said to be.
    """
    if issubclass(type(value), Proxy):
        return cast("Proxy", value).__handle__.type_name
    name = str.__str__(type.__dict__["__name__"].__get__(type(value)))
    return name if name.isidentifier() and len(name) <= _LONGEST else "nameless object"


def with_article(noun: str) -> str:
    """Put 'a' or 'an' before `noun`."""
    return f"an {noun}" if noun[0] in "aeioAEIO" else f"a {noun}"


def one_line(text: str) -> str:
    """Cut a text to one short printable line."""
    line = " ".join(text[: 4 * _LONGEST].split())
    line = "".join(letter if letter.isprintable() else "?" for letter in line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def show_number(value: object, digits: int = 6) -> str:
    """Write a number: `digits` significant digits, or all of them for an integer."""
    number = plain_number(value)
    if type(number) is bool:
        return str(number)
    if type(number) is int:
        bits = number.bit_length()  # Python refuses to write thousands of digits
        return str(number) if bits <= 128 else f"an integer of {bits} bits"
    return f"{number:.{digits}g}".replace("nan", "NaN")


def show_pair(first: object, second: object) -> tuple[str, str]:
    """Write two numbers in as few digits as still tell them apart."""
    for digits in (6, 9, 17):
        pair = show_number(first, digits), show_number(second, digits)
        if pair[0] != pair[1]:
            break
    return pair


def show_index(position: tuple[Any, ...]) -> str:
    """Write an index as it is typed: `[0, 1]`; nothing for an array of shape ()."""
    return f"[{', '.join(str(int(i)) for i in position)}]" if position else ""


def describe(value: Any) -> str:
    """Describe any value in a few words."""
    if value is None:
        return "None"
    if number_kind(value):
        shown = show_number(value)
        point = ".0" if number_kind(value) == "f" and shown.lstrip("-").isdigit() else ""
        return f"the {type_name(value)} {shown}{point}"
    if type(value) is str:
        return f"the text {one_line(value)!r}"
    if type(value) is np.ndarray or is_tensor(value):
        return _describe_array(value)
    if is_exactly(value, list, tuple, dict):
        return f"a {type_name(value)} of length {len(value)}"
    return with_article(type_name(value))


def _describe_array(value: Any) -> str:
    noun = with_article("tensor" if is_tensor(value) else "array")
    graph = ", which requires grad" if is_tensor(value) and value.requires_grad else ""
    return f"{noun} of shape {tuple(value.shape)} and dtype {value.dtype}{graph}"


def dtype_reason(actual: np.dtype, expected: np.dtype) -> str:
    """Say, in brackets, what usually leads to this dtype, when something usually does."""
    kinds = (actual.kind + expected.kind).replace("u", "i")
    if actual.kind == "O":
        kinds = "object"
    if kinds == "ff":
        kinds = "narrower" if actual.itemsize < expected.itemsize else "wider"
    reason = _DTYPE_REASONS.get(kinds)
    return f" ({reason})" if reason else ""


def tolerance_line(rtol: float, atol: float) -> str:
    """Write the line that says how close would have been close enough."""
    if rtol == atol == 0:
        return "\n  tolerance: none, these are compared exactly"
    return f"\n  tolerance: {atol:g} + {rtol:g} * |expected|"


def show_arrays(got: np.ndarray, expected: np.ndarray) -> str:
    """Write two arrays below each other."""
    shown, shown_expected = (
        np.array2string(each, precision=4, suppress_small=True, max_line_width=88, prefix=" " * 12)
        for each in (got, expected)
    )
    return f"\n  got:      {shown}\n  expected: {shown_expected}"
