"""Attackers are graded among honest students, by the real command line, and get nowhere.

What each attack tries, and what must come of it, stands in its first lines: see
tests/hostile/corpus.py. Every attack is run with the best isolation that this machine
has; and, with HOSTILE=all, in both tiers, as the user who runs the tests and, when that
is root, as nobody.
"""

import functools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.corpus import GROUPS, Attack, committed, honest
from tests.hostile.lab import Report, Setting, experiment
from tests.hostile.parcels import parcels
from tests.hostile.people import ImpossibleError, has_bubblewrap
from tests.hostile.verdict import complaints

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

ROOT = Path(__file__).parents[1]
EVERYTHING = os.environ.get("HOSTILE") == "all"
SETTINGS = {
    "full-me": Setting(tier="full", user="me"),
    "reduced-me": Setting(tier="reduced", user="me"),
    "full-nobody": Setting(tier="full", user="nobody"),
    "reduced-nobody": Setting(tier="reduced", user="nobody"),
}
if not EVERYTHING:
    best = "full-me" if has_bubblewrap("me") else "reduced-me"
    SETTINGS = {best: SETTINGS[best]}

ATTACKS = {attack.title: attack for attack in (*committed(), *parcels())}


@functools.cache
def graded(name: str) -> Report | str:
    """Grade the whole corpus in a setting; or say why that is impossible here."""
    try:
        return experiment(ATTACKS.values(), SETTINGS[name])
    except ImpossibleError as error:
        return str(error)


@functools.cache
def undisturbed(name: str) -> Report:
    """Grade the honest students alone."""
    return experiment([], SETTINGS[name])


@pytest.fixture(params=SETTINGS)
def setting(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def report(setting: str) -> Report:
    found = graded(setting)
    return found if isinstance(found, Report) else pytest.skip(found)


def test_the_corpus_is_large_and_orderly():
    """Every group has its attacks, and no two have one name: it is the student's."""
    counts = Counter(attack.group for attack in ATTACKS.values())
    assert set(counts) == set(GROUPS)
    assert min(counts.values()) >= 15
    assert counts.total() >= 110
    names = [attack.name for attack in ATTACKS.values()]
    assert len(set(names)) == len(names)
    assert not set(names) & set(honest())


@pytest.mark.parametrize("title", ATTACKS)
def test_an_attack_gets_nowhere(report, setting, title):
    """Its tests end as they must, it is stopped where it says, and nothing is touched."""
    attack = ATTACKS[title]
    if attack.tier == "full" and report.tier != "full":
        pytest.skip("only the full tier promises that")
    assert complaints(attack, report) == []


def test_nothing_leaks(report):
    """No result, page, table or message holds a secret."""
    assert report.leaks == {}


def test_nothing_is_touched(report):
    """No file, socket, process, cell or page is other than it should be."""
    assert report.incidents == {}


def test_the_grader_itself_is_calm(report, setting):
    """It says what it must and no more, is not broken, and states the isolation truthfully."""
    assert report.code == 0, report.said[-2000:]
    assert report.said.count("\n") == 1
    summary = json.loads(report.said)
    assert summary["graded"] == len(ATTACKS) + len(honest())
    assert report.tier == setting.partition("-")[0]


def test_honest_neighbours_get_what_they_deserve(report, setting):
    """Their grades, outcomes and feedback are those of a class without attackers."""
    alone = undisturbed(setting).results
    assert set(alone) == set(honest())
    for student, result in alone.items():
        assert deserts(report.results[student]) == deserts(result), student


def deserts(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what matters to a student, without times and dates."""
    tests = [(t["test"], t["outcome"], t["score"], t["feedback"]) for t in result["tests"]]
    return [(result["status"], result["score"]), *tests]


def test_attackers_of_a_real_assignment_get_nowhere(tmp_path):
    """The same attacks, handed in for the first assignment of the course, earn nothing."""
    chosen = [attack for attack in ATTACKS.values() if _fits_anywhere(attack)][::6]
    assert len(chosen) >= 10
    for attack in chosen:
        (tmp_path / "class" / attack.name).mkdir(parents=True)
        source = re.sub(r"\bdouble\b", "to_float", attack.sources["answers.py"])
        (tmp_path / "class" / attack.name / "images.py").write_text(source)

    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", "a1_convolution", tmp_path / "class",
         "--out", tmp_path / "out", "--jobs", "2", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    scores = {s["student"]: s["score"] for s in json.loads(done.stdout)["students"]}
    assert scores == {attack.name: 0.0 for attack in chosen}


def _fits_anywhere(attack: Attack) -> bool:
    """Whether an attack needs nothing of the target, and is no matter of time."""
    source = attack.sources.get("answers.py", "")
    return "def double(x)" in source and "kit" not in source and dict(attack.must) == {
        "double": "failed"
    }  # fmt: skip
