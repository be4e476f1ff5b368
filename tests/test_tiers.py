"""Accuracy tiers: how a description lists them, and what is refused."""

from pathlib import Path

import pytest

from grader.course import Assignment, read_assignment
from grader.errors import GraderError

TIERS = """
[[tier]]
test = "test_learns"
dataset = "digits"
accuracy = 0.9
share = 1.0

[[tier]]
test = "test_learns"
dataset = "digits"
accuracy = 0.8
share = 0.5

[[tier]]
test = "test_learns"
dataset = "mnist"
accuracy = 0.95
share = 1
"""


@pytest.fixture
def read(tiny: Path):
    """Give `read(text)`: the tiny assignment, with tiers."""
    description = (tiny / "assignment.toml").read_text()

    def read(text: str) -> Assignment:
        (tiny / "assignment.toml").write_text(description + text)
        return read_assignment(tiny)

    return read


def test_each_data_set_has_its_tiers(read):
    """They come lowest first, whatever their order in the file."""
    assignment = read(TIERS)
    assert list(assignment.shares("test_learns", "digits").items()) == [(0.8, 0.5), (0.9, 1.0)]
    assert assignment.shares("test_learns", "mnist") == {0.95: 1.0}
    assert [tier.accuracy for tier in assignment.tiers] == [0.9, 0.8, 0.95]


def test_an_assignment_needs_no_tiers(read):
    """Most measure no accuracy."""
    assert read("").tiers == ()


@pytest.mark.parametrize(
    ("test", "dataset"), [("test_learn", "digits"), ("test_learns", "imagenet")]
)
def test_missing_tiers_are_the_authors_to_add(read, test, dataset):
    """The sentence names the file, the test and the data set."""
    with pytest.raises(GraderError, match=r"add one with share = 1\.0, or correct one") as caught:
        read(TIERS).shares(test, dataset)
    assert f"assignment.toml has no [[tier]] for the test {test!r} on {dataset!r}" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("share = 0.5", "shares = 0.5", r"\[\[tier\]\] 2: 'share' is missing; rename 'shares'"),
        ("share = 0.5", "share = 0.5\npoints = 1", r"\[\[tier\]\] 2: unknown key 'points'"),
        ("share = 0.5", "share = 0", "'share' must be more than 0"),
        ("share = 0.5", "share = 1.5", "'share' must be at most 1; it is 1.5"),
        ("share = 0.5", "share = 1.0", "0.9 earns no more than 0.8; let the share grow"),
        ("share = 1.0", "share = 0.9", "on 'digits': nothing earns all points; give the highest"),
        ("accuracy = 0.8", "accuracy = 0", "'accuracy' must be more than 0"),
        ("accuracy = 0.8", "accuracy = 80", "'accuracy' must be below 1; it is 80"),
        ("accuracy = 0.8", 'accuracy = "80%"', "'accuracy' must be a number"),
        ("accuracy = 0.8", "accuracy = 0.9", "0.9 stands there twice; remove one"),
        ('"test_learns"', '"learns"', "'learns': 'test' must be the name of a test function"),
        ('"test_learns"', '"test_a.py::test_b"', "must be the name of a test function"),
    ],
)
def test_a_mistake_in_the_tiers_is_named(read, old, new, message):
    """Each is an error where the author sees it."""
    assert old in TIERS
    with pytest.raises(GraderError, match=message) as caught:
        read(TIERS.replace(old, new, 1))
    assert "assignment.toml" in str(caught.value)


def test_a_misspelt_table_is_named(read):
    """Tiers that nobody reads do not go unnoticed."""
    with pytest.raises(GraderError, match="unknown key 'tiers'; did you mean 'tier'"):
        read(TIERS.replace("[[tier]]", "[[tiers]]"))
