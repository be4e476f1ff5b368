"""Reading mutants.toml: strict, and every edit is tried."""

import pytest

from grader.course import read_assignment
from grader.errors import GraderError
from grader.mutants import Mutant, read_mutants, read_solution

MUTANTS = """
[[mutant]]
name = "not-squared"
file = "lengths.py"
replace = "return x * x"
with = "return x"
fails = ["test_worked_example", "test_random_squares"]
hint = "x times x."

[[equivalent]]
file = "frames.py"
replace = "(H + 2, W + 2)"
with = "(2 + H, W + 2)"
why = "A sum does not mind."
"""


@pytest.fixture
def read(tiny):
    """Give `read(text)`: what the tiny assignment's mutants.toml then holds."""

    def write_and_read(text):
        (tiny / "mutants.toml").write_text(text, encoding="utf-8")
        return read_mutants(read_assignment(tiny))

    return write_and_read


def test_mutants_and_equivalents_are_read(read):
    """Each entry becomes a frozen value."""
    known = read(MUTANTS)

    assert known.mutants == (
        Mutant(
            name="not-squared",
            file="lengths.py",
            replace="return x * x",
            with_="return x",
            fails=("test_worked_example", "test_random_squares"),
            hint="x times x.",
        ),
    )
    assert [(e.file, e.with_, e.why) for e in known.equivalents] == [
        ("frames.py", "(2 + H, W + 2)", "A sum does not mind.")
    ]


def test_an_assignment_without_the_file_has_no_mutants(tiny):
    """Nobody has to write one."""
    assert read_mutants(read_assignment(tiny)).mutants == ()


def test_a_mutant_changes_one_place_and_leaves_the_rest(read, tiny):
    """Applying gives new sources; the diff shows what changed."""
    [mutant] = read(MUTANTS).mutants
    solution = read_solution(read_assignment(tiny))

    mutated = mutant.apply(solution)

    assert mutated["frames.py"] == solution["frames.py"]
    assert mutated["lengths.py"] == solution["lengths.py"].replace(b"x * x", b"x")
    assert "-    return x * x\n+    return x\n" in mutant.diff(solution)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("return x * x", "return x * y", "it occurs 0 times; copy it from the file as it is now"),
        ("return x * x", "return", "it occurs 2 times; add what stands around it"),
        ('with = "return x"', 'with = "return x * x"', "it changes nothing in lengths.py"),
        ('with = "return x"', 'with = "return ("', "no valid Python in lengths.py, line 8"),
        ('"lengths.py"', '"length.py"', "did you mean 'lengths.py'?"),
        ('["test_worked_example", "test_random_squares"]', "[]", "'fails' is empty"),
        ("hint =", "hints =", "'hint' is missing; rename 'hints'"),
        ('hint = "x times x."', 'hint = "x"\nid = 3', "unknown key 'id'"),
        ("[[equivalent]]", "[[equal]]", "unknown key 'equal'"),
        ("why =", "because =", "'why' is missing"),
        ("(H + 2, W + 2)", "(H + 3)", "[[equivalent]] 1: 'replace' must occur once in frames.py"),
    ],
)
def test_a_wrong_entry_is_named(read, tiny, old, new, sentence):
    """The error says which file, which entry, what is wrong and what to do."""
    with pytest.raises(GraderError) as caught:
        read(MUTANTS.replace(old, new, 1))

    assert str(tiny / "mutants.toml") in str(caught.value)
    assert sentence in str(caught.value)


def test_two_mutants_need_two_names(read):
    """A name stands for one mistake."""
    with pytest.raises(GraderError, match="two mutants are called 'not-squared'; rename one"):
        read(MUTANTS + MUTANTS.partition("[[equivalent]]")[0])
