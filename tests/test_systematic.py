"""Systematic edits: which there are, where, and that each is a different program."""

import ast
from pathlib import Path

import pytest

from grader.authoring.systematic import systematic_mutants

ROOT = Path(__file__).resolve().parent.parent
SOLVED = sorted(
    path for path in ROOT.glob("reference/*/*.py") if "BEGIN SOLUTION" in path.read_text("utf-8")
)


def solution(*lines: str) -> str:
    """Return a file with one solved function."""
    body = "".join(f"    {line}\n" for line in lines)
    return (
        'def f(a, b, n):\n    """Do it: a + b."""\n    n = n + 1\n'
        f"    ### BEGIN SOLUTION\n{body}    ### END SOLUTION\n    return a < b\n"
    )


def edits(*lines: str) -> set[str]:
    """Return what the last line of a solution becomes, for all its edits."""
    source = solution(*lines)
    return {
        mutant.with_.split("\n")[-1].strip()
        for mutant in systematic_mutants(source, "f.py")
        if mutant.line == 4 + len(lines)
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = a.sum(axis=0)", {"x = a.mean(axis=0)", "x = a.sum(axis=1)"}),
        ("x = a - b", {"x = a + b", "x = a", "x = -b"}),
        ("x = (a + b) * n", {"x = (a + b) / n", "x = (a + b)", "x = n", "x = (a - b) * n",
                             "x = (a) * n", "x = (b) * n"}),
        ("x = -a", {"x = a"}),
        ("x = not a", {"x = a"}),
        ("x = 3", {"x = 4", "x = 2"}),
        ("x = 0.5", {"x = 1.0"}),
        ("x = 0.0", {"x = 1.0"}),
        ("x = True", {"x = False"}),
        ("x = a[b:]", {"x = a[b + 1:]", "x = a[b - 1:]"}),
        ("x = a[::n]", {"x = a[::]"}),
        ("x = a.copy()", {"x = a"}),
        ("x = a.astype(b)", {"x = a"}),
        ("x = np.asarray(a, dtype=b)", {"x = a", "x = np.asarray(a)"}),
        ("x = np.maximum(a, b)", {"x = np.minimum(a, b)"}),
        ("x = a.dot(b, n)", {"x = a.dot(n, b)"}),
        ("x = a.transpose(0, 2, 1)", {"x = a.transpose(2, 0, 1)", "x = a.transpose(0, 1, 2)"}),
        ("x = a[b, n]", {"x = a[n, b]"}),
        ("x = a < b", {"x = a <= b"}),
        ("x = a <= b < n", {"x = a < b < n", "x = a <= b <= n"}),
        ("x = a not  in b", {"x = a in b"}),
        ("x = a in (b, n)", {"x = a not in (b, n)"}),
        ("x = a or b or n", {"x = a and b or n", "x = a or b and n", "x = b or n", "x = a or n",
                             "x = a or b"}),
        ("x += a", {"x -= a", "x = a", "pass"}),
        ("check(a)", {"pass"}),
        ("x = [*range(n)]", {"x = [*range(n + 1)]", "x = [*range(n - 1)]"}),
        ("raise ValueError(f'{a + 1} is not {b}')", set()),
        ("x = 'a + b'", set()),
    ],
)  # fmt: skip
def test_a_line_has_these_edits(line, expected):
    """Every kind of slip, and no other."""
    assert edits(line) == expected


def test_only_solutions_are_edited():
    """What students are given, and what they read, stays as it is."""
    source = solution("x = a + b")

    for mutant in systematic_mutants(source, "f.py"):
        mutated = source.replace(mutant.replace, mutant.with_)
        kept = [line for line in source.splitlines() if line != "    x = a + b"]
        assert [line for line in mutated.splitlines() if line in kept] == kept


def test_a_line_that_occurs_twice_takes_its_neighbours_along():
    """The text to replace is unique, so an author can copy it into mutants.toml."""
    source = solution("x = a + b", "y = 2", "x = a + b")

    for mutant in systematic_mutants(source, "f.py"):
        assert source.count(mutant.replace) == 1


def test_letters_outside_ascii_move_no_edit():
    """The syntax tree counts bytes, the text is counted in characters."""
    assert edits("x = {'µ²': a - b}['µ²']") == {
        "x = {'µ²': a + b}['µ²']",
        "x = {'µ²': a}['µ²']",
        "x = {'µ²': -b}['µ²']",
    }


@pytest.mark.parametrize("path", SOLVED, ids=lambda path: path.stem)
def test_the_edits_of_the_course_are_sound(path):
    """Deterministic, applicable, valid, all different, and different from the solution."""
    source = path.read_text(encoding="utf-8")
    mutants = systematic_mutants(source, path.name)

    programs = {ast.dump(ast.parse(source))}
    for mutant in mutants:
        mutated = mutant.apply({path.name: source.encode()})[path.name].decode()
        compile(mutated, path.name, "exec")
        programs.add(ast.dump(ast.parse(mutated)))
    assert len(programs) == len(mutants) + 1
    assert systematic_mutants(source, path.name) == mutants
