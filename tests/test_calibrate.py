"""Calibrating a small assignment on the digits, through the real grading path."""

import json

import pytest

from grader.authoring.calibrate import calibrate_assignment, write_tiers
from grader.classroom import TESTS
from grader.cli import main
from grader.course import read_assignment
from grader.errors import GraderError
from grader.mutants import read_solution
from grader.results import Outcome
from grader.session import Session

DESCRIPTION = """
id = "means"
title = "The nearest mean"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 5
submission_seconds = 30
memory_mb = 512

[[task]]
name = "learn"
file = "means.py"
points = 60

[[task]]
name = "count"
file = "means.py"
points = 40

# A guess.
[[tier]]
test = "test_learns"
dataset = "digits"
accuracy = 0.5     # about half
share = 0.5

[[tier]]
test = "test_learns"
dataset = "digits"
accuracy = 0.60
share = 1.0

[[tier]]
test = "test_still_learns"
dataset = "digits"
accuracy = 0.6
share = 1.0

[[tier]]
test = "test_learns"
dataset = "mnist"
accuracy = 0.7
share = 1.0
"""
SOLVED = '''"""The nearest mean."""

import numpy as np


def learn(images, labels, rng):
    """Give the mean image of each digit, of four fifths of the images."""
    chosen = rng.permutation(len(images))[: len(images) * 4 // 5]
    images, labels = images[chosen], labels[chosen]
    return np.array([images[labels == digit].mean(axis=0) for digit in range(10)])


def count(labels):
    """Say how many labels there are."""
    return len(labels)
'''
PUBLIC = '''
import numpy as np
import pytest
from grader.checks import assert_accuracy


def nearest(means):
    return lambda images: ((images[:, None] - means) ** 2.0).sum((2, 3)).argmin(1)


@pytest.mark.task("learn", points=30)
def test_learns(student, dataset, tiers, rng):
    """Most digits are nearest to their mean."""
    means = student.means.learn(dataset.train_images, dataset.train_labels, rng)
    assert_accuracy(nearest(means), dataset.test_images, dataset.test_labels, tiers)


@pytest.mark.task("learn", points=30)
@pytest.mark.parametrize("images", [800, 1437])
def test_still_learns(student, dataset, tiers, rng, images):
    """So they are with fewer images."""
    train_images, train_labels = dataset.train_images[:images], dataset.train_labels[:images]
    means = student.means.learn(train_images, train_labels, rng)
    assert_accuracy(nearest(means), dataset.test_images, dataset.test_labels, tiers)


@pytest.mark.task("count", points=40)
def test_learns_to_count(student):
    """Three labels are three."""
    assert student.means.count(np.zeros(3)) == 3
'''
MUTANTS = """
[[mutant]]
name = "labels-left-behind"
file = "means.py"
replace = "images, labels = images[chosen], labels[chosen]"
with = "images, labels = images[chosen], labels[: len(chosen)]"
fails = ["test_learns"]
hint = "Images and labels belong together."

[[mutant]]
name = "few-images"
file = "means.py"
replace = "* 4 // 5]"
with = "* 3 // 4]"
fails = ["test_count"]
hint = "Four fifths."

[[mutant]]
name = "counts-one-more"
file = "means.py"
replace = "return len(labels)"
with = "return len(labels) + 1"
fails = ["test_learns_to_count"]
hint = "One less."

[[mutant]]
name = "forgets-to-return"
file = "means.py"
replace = "return np.array("
with = "np.array("
fails = ["test_learns"]
hint = "Return it."

[[mutant]]
name = "only-a-mean"
file = "means.py"
replace = "images[labels == digit].mean(axis=0)"
with = "images.mean(axis=0)"
fails = ["test_count"]
hint = "Of each digit."
"""
SEEDS = 5


def write_means(folder, changes=()):
    """Write the assignment, with other texts for some of these."""
    texts = {
        "assignment.toml": DESCRIPTION, "means.py": SOLVED, "mutants.toml": MUTANTS,
        "tests/test_means.py": PUBLIC, "hidden_tests/.keep": "",
    } | dict(changes)  # fmt: skip
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def calibrate(folder, dataset="digits", seeds=SEEDS):
    """Calibrate, and return what was found and the progress that was shown."""
    shown = []
    found = calibrate_assignment(
        read_assignment(folder), seeds=seeds, jobs=2, dataset=dataset,
        progress=lambda done, total: shown.append((done, total)),
    )  # fmt: skip
    return found, shown


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return the assignment's folder, its calibration, and the progress."""
    folder = write_means(tmp_path_factory.mktemp("course") / "reference" / "means")
    return folder, *calibrate(folder)


def test_right_and_wrong_solutions_are_measured_under_every_seed(measured):
    """Other seeds draw other images, of 360 some are right; the same seeds give the same."""
    _, found, _ = measured
    learns, still = found.tests
    assert (learns.test, still.test) == ("test_learns", "test_still_learns")
    accuracies = learns.reference.accuracies
    assert len(accuracies) == SEEDS < 2 * len(set(accuracies))
    assert all(0.7 < a < 1 and a * 360 == pytest.approx(round(a * 360)) for a in accuracies)
    assert max(still.reference.accuracies) < min(accuracies), "the lowest of the cases counts"


def test_those_mistakes_are_measured_that_name_the_test_or_change_its_accuracy(measured):
    """Whatever has no part in training is tried once, and left out."""
    _, found, shown = measured
    learns, still = found.tests
    samples = {sample.variant: sample for sample in learns.mutants}
    assert set(samples) == {
        "few-images", "labels-left-behind", "only-a-mean", "forgets-to-return",
    }  # fmt: skip
    assert [s.variant for s in learns.mutants if s.named] == [
        "labels-left-behind", "forgets-to-return",
    ]  # fmt: skip
    assert max(samples["labels-left-behind"].values) < 0.4
    assert samples["forgets-to-return"].values == ()
    collapsed = samples["only-a-mean"].accuracies
    assert len(set(collapsed)) == 1, "all predictions alike are measured too"
    assert 0.05 < collapsed[0] < 0.15
    assert "forgets-to-return" not in {sample.variant for sample in still.mutants}
    assert found.tried == 5
    assert shown[0] == (1, SEEDS + 5)
    assert shown[-1] == (SEEDS + 5 + 4 * (SEEDS - 1),) * 2


def test_tiers_that_hold_are_left_alone(measured):
    """A few images less do as well, which is told."""
    folder, found, _ = measured
    assert found.ok
    assert "few-images" in found.tests[0].notes[-1]
    before = (folder / "assignment.toml").read_bytes()
    change, same = write_tiers(read_assignment(folder), found)
    assert (change, same) == ("", found)
    assert (folder / "assignment.toml").read_bytes() == before


def test_the_command_judges_proposes_and_writes(tmp_path, monkeypatch, capsys):
    """A tier that fails right solutions: exit 1, a figure and a diff; once written, exit 0."""
    bad = DESCRIPTION.replace("accuracy = 0.60\n", "accuracy = 0.97  # too much\n")
    folder = write_means(tmp_path / "reference" / "means", {"assignment.toml": bad})
    monkeypatch.chdir(tmp_path)
    arguments = ["calibrate", "means", "--seeds", str(SEEDS), "--jobs", "2"]

    assert main([*arguments, "--json", "--figure", "a.png"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "assignment.toml").read_text() == bad
    assert main([*arguments, "--write"]) == 0
    told = capsys.readouterr().out

    test = report["tests"][0]
    assert report["schema"] == "deltagrade/calibrate/v1"
    assert (report["ok"], report["dataset"], report["seeds"]) == (False, "digits", SEEDS)
    assert len(test["reference"]["accuracies"]) == SEEDS
    proposed = [tier["proposed"] for tier in test["tiers"]]
    assert proposed[0] < proposed[1] <= test["up_to"] < 0.97
    assert f"{SEEDS} of {SEEDS} runs of the reference would stay below 0.97" in told
    assert f"+accuracy = {proposed[1]}  # too much" in told.splitlines()
    written = bad.replace("= 0.5 ", f"= {proposed[0]} ").replace("0.97", f"{proposed[1]}")
    assert (folder / "assignment.toml").read_text() == written


def test_results_carry_the_accuracy_of_passed_and_failed_tests(measured):
    """And none where a test measures none, or has nothing to measure."""
    folder = measured[0]
    assignment = read_assignment(folder)
    solution = read_solution(assignment)
    broken = solution["means.py"].replace(b"return np.array(", b"np.array(")
    far = solution["means.py"].replace(b"labels[chosen]", b"labels[: len(chosen)]")
    with Session(assignment, tests=TESTS, dataset="digits") as session:
        right, wrong, none = (
            {r.test.partition("::")[2]: r for r in session.examine({"means.py": text}, seed=1)}
            for text in (solution["means.py"], far, broken)
        )
    assert right["test_learns"].outcome is Outcome.PASSED
    assert right["test_learns"].accuracy > 0.7
    assert right["test_learns_to_count"].accuracy is None
    assert wrong["test_learns"].outcome is Outcome.FAILED
    assert wrong["test_learns"].accuracy < 0.4
    assert wrong["test_learns"].to_json()["accuracy"] == wrong["test_learns"].accuracy
    assert {result.accuracy for result in none.values()} == {None}


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({}, {"seeds": 4}, "4 seeds say too little; use --seeds 5 or more"),
        ({}, {"dataset": "digit"}, "did you mean 'digits'"),
        (
            {"assignment.toml": DESCRIPTION[: DESCRIPTION.index("# A guess")]},
            {},
            r"assignment.toml has no \[\[tier\]\] for 'digits'; add those of the tests",
        ),
        (
            {"assignment.toml": DESCRIPTION.replace('"test_learns"', '"test_lerns"')},
            {},
            "names an unknown test 'test_lerns'; did you mean",
        ),
        (
            {"means.py": SOLVED.replace("return np.array(", "_ = np.array(")},
            {},
            r"test_learns measures no accuracy of the reference under seed 1 \(.*\); correct it",
        ),
    ],
)
def test_what_cannot_be_calibrated_is_a_sentence(tmp_path, changes, options, message):
    """Before any time is lost on it."""
    changes = {"mutants.toml": ""} | changes
    with pytest.raises(GraderError, match=message):
        calibrate(write_means(tmp_path, changes), **options)
