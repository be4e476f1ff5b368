"""The checks that tests of an assignment call.

Each compares what a student's function gave with what it should give, and when
they differ says what, how much, where, and what to think about. A check looks
at a value only once it has seen that its type is exactly a plain one: nothing
that a student wrote (`__eq__`, `__array__`, `__repr__`) is called by comparing.
"""

from grader.checks.accuracy import assert_accuracy
from grader.checks.arrays import assert_allclose
from grader.checks.calls import assert_raises, assert_source, assert_unchanged
from grader.checks.failure import CheckFailure
from grader.checks.gradients import assert_gradient
from grader.checks.shown import show_curve
from grader.checks.speed import assert_faster

__all__ = [
    "CheckFailure",
    "assert_accuracy",
    "assert_allclose",
    "assert_faster",
    "assert_gradient",
    "assert_raises",
    "assert_source",
    "assert_unchanged",
    "show_curve",
]
