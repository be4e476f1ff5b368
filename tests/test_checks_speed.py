"""What `assert_faster` accepts, by a clock that only the functions of these tests move.

A real clock on a machine that others use would now and then decide otherwise.
"""

from types import SimpleNamespace

import pytest

from grader.checks import CheckFailure, assert_faster, speed

clock = SimpleNamespace(now=0.0)


@pytest.fixture(autouse=True)
def _own_time(monkeypatch):
    """Let the check read our clock."""
    monkeypatch.setattr(speed, "time", SimpleNamespace(perf_counter=lambda: clock.now))


def work(seconds: float) -> None:
    """Take so long."""
    clock.now += seconds


def fast(_: object = None) -> None:
    work(0.0005)


def slow(_: object = None) -> None:
    work(0.005)


def test_a_function_that_is_fast_enough_passes():
    """Ten times as fast is at least five times as fast, whatever else runs."""
    assert_faster(fast, slow, 5)


def test_a_function_that_is_too_slow_fails():
    """The message says both medians and their ratio."""
    with pytest.raises(CheckFailure) as caught:
        assert_faster(slow, fast, 2, rounds=2, hint="No loops.")
    message = str(caught.value)
    assert message.startswith("slow is 0.")
    assert " times as fast as fast, expected at least 2 times\n  medians: 5 ms" in message
    assert message.endswith(" ms\n  hint: No loops.")


def test_both_are_called_with_the_arguments():
    """The first call of each is not timed."""
    calls = []

    def first(*args: object) -> None:
        calls.append(("first", *args))
        work(0.001)

    def second(*args: object) -> None:
        calls.append(("second", *args))
        work(0.005)

    assert_faster(first, second, 2, args=(1, "a"), rounds=1)
    assert set(calls) == {("first", 1, "a"), ("second", 1, "a")}
    assert calls.count(("second", 1, "a")) == 3


def test_a_disturbed_round_is_forgotten():
    """One slow measurement among several does not decide."""
    pauses = iter([0, 0, 0.05, 0.05])

    def sometimes_disturbed() -> None:
        work(0.003 + next(pauses, 0))

    assert_faster(sometimes_disturbed, lambda: work(0.03), 4)


def test_own_names_can_be_given():
    """Lambdas have no names that students know."""
    with pytest.raises(CheckFailure, match=r"the vectorised one is .* as fast as the loop"):
        assert_faster(
            lambda: work(0.002), lambda: work(0.001), 3,
            rounds=1, name="the vectorised one", than_name="the loop",
        )  # fmt: skip
