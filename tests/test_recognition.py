"""The course's known mistakes, handed in: students read the hint that the author wrote for them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring.trials import function_of
from grader.classroom import TESTS
from grader.course import assignment_names, assignment_sha256, read_assignment
from grader.misconceptions import PRACTICE_SEED, Misconceptions
from grader.mutants import read_mutants, read_solution
from grader.provenance import Terms
from grader.results import Outcome
from grader.session import Session

ROOT = Path(__file__).resolve().parent.parent
NAMES = assignment_names(ROOT / "reference")
HANDED_IN = 3  # of the known mistakes of each assignment


def grader(*arguments, cwd=ROOT):
    """Run the real command; return what it prints as JSON."""
    command = [sys.executable, "-m", "grader", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def named(tests):
    """Return the known mistakes that results name, with the hints that came with them."""
    return {test["misconception"]: test["hint"] for test in tests if test["misconception"]}


@pytest.fixture(scope="module", params=NAMES)
def assignment(request):
    """Give each assignment of the course."""
    return read_assignment(ROOT / "reference" / request.param)


@pytest.fixture(scope="module")
def mistakes(assignment):
    """Return some known mistakes that public tests recognise: name → hint, sources."""
    known = Misconceptions.read(assignment.folder)
    alone = {
        (function_of(test), names[0])
        for test, table in known.tables[PRACTICE_SEED].items()
        for names in table.values()
        if len(names) == 1
    }
    solution = read_solution(assignment)
    # In a test that is meant for it: one of another task may only wait for this one.
    recognisable = [
        mutant
        for mutant in read_mutants(assignment).mutants
        if alone & {(function, mutant.name) for function in mutant.fails}
    ]
    chosen = recognisable[:: len(recognisable) // HANDED_IN][:HANDED_IN]
    return {mutant.name: (mutant.hint, mutant.apply(solution)) for mutant in chosen}


def test_the_fingerprints_are_those_of_the_assignment_as_it_is(assignment):
    """`grader verify` was run after the last change."""
    known = Misconceptions.read(assignment.folder)
    assert known.assignment_sha256 == assignment_sha256(assignment.folder)


def test_a_grade_names_each_known_mistake_and_no_other(assignment, mistakes, tmp_path):
    """The hint is the author's; the solution and the stub get none."""
    handed_in = {name: sources for name, (_, sources) in mistakes.items()}
    handed_in |= {"solved": read_solution(assignment)}
    for student, sources in handed_in.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        for file, content in sources.items():
            (tmp_path / "class" / student / file).write_bytes(content)

    report = grader(
        "grade", assignment.id, tmp_path / "class", "--out", tmp_path / "out",
        "--dataset", "digits",
    )  # fmt: skip

    for student in handed_in:
        result = json.loads((tmp_path / "out" / "results" / f"{student}.json").read_text())
        expected = {student: mistakes[student][0]} if student in mistakes else {}
        assert named(result["tests"]) == expected
    assert {each["name"] for each in report["misconceptions"]} == set(mistakes)


def test_a_student_reads_the_same_hint_at_home(assignment, mistakes, tmp_path):
    """The released package recognises what public tests can see, and holds no mutant."""
    home = shutil.copytree(ROOT / "assignments" / assignment.id, tmp_path / "home")
    assert not (home / "mutants.toml").exists()
    for name, (hint, sources) in mistakes.items():
        for file, content in sources.items():
            (home / file).write_bytes(content)
        assert named(grader("test", home)["tests"]) == {name: hint}


STYLES = sorted(path for path in (ROOT / "tests" / "styles").glob("*/*"))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_right_answer_in_another_style_gets_no_hint(style):
    """It earns everything, at home and in a grade, under the seed of each."""
    assignment = read_assignment(ROOT / "reference" / style.parent.name)
    written = {path.name: path.read_bytes() for path in style.glob("*.py")}
    sources = read_solution(assignment) | written
    with Session(assignment, tests=TESTS, dataset="digits") as session:
        for seed in (PRACTICE_SEED, Terms.of(assignment, "digits").seed, 7):
            results = session.examine(sources, seed=seed)
            assert [r for r in results if r.outcome is not Outcome.PASSED or r.misconception] == []
