"""What decides a grade: every change of it is noticed, and nothing else is."""

import shutil
from dataclasses import replace

import pytest

import grader
from grader import provenance
from grader.course import read_assignment
from grader.misconceptions import Misconceptions
from grader.provenance import Terms
from grader.submissions.intake import Submission

ADA = Submission(student="ada", sources={"lengths.py": b""}, sha256="ab" * 32)


def terms(folder, dataset="digits"):
    """Take stock of the assignment in a folder."""
    return Terms.of(read_assignment(folder), dataset)


@pytest.mark.parametrize(
    "file",
    [
        "assignment.toml",
        "lengths.py",
        "tests/test_lengths.py",
        "hidden_tests/test_hidden.py",
    ],
)
def test_a_changed_file_of_the_assignment_changes_the_fingerprint_and_the_seed(tiny, file):
    """The tests, the reference and the description decide a grade."""
    before = terms(tiny)
    with (tiny / file).open("a") as stream:
        stream.write("\n# changed\n")
    assert terms(tiny).fingerprint(ADA) != before.fingerprint(ADA)
    assert terms(tiny).seed != before.seed


def test_a_new_test_file_changes_the_fingerprint(tiny):
    """So does anything that a test could read."""
    before = terms(tiny).fingerprint(ADA)
    (tiny / "hidden_tests" / "expected.csv").write_text("1,2\n")
    assert terms(tiny).fingerprint(ADA) != before


def test_the_handout_caches_and_the_place_change_nothing(tiny, tmp_path):
    """A class is not graded again because a README was corrected."""
    before = terms(tiny).fingerprint(ADA)
    (tiny / "README.md").write_text("Better words.")
    (tiny / "tests" / "__pycache__").mkdir()
    (tiny / "tests" / "__pycache__" / "test_lengths.pyc").write_bytes(b"\0")
    assert terms(tiny).fingerprint(ADA) == before
    elsewhere = shutil.copytree(tiny, tmp_path / "elsewhere")
    assert terms(elsewhere).fingerprint(ADA) == before


def test_another_submission_or_dataset_changes_the_fingerprint(tiny):
    """A name decides nothing: two who hand in the same get the same grade."""
    before = terms(tiny)
    assert before.fingerprint(replace(ADA, sha256="cd" * 32)) != before.fingerprint(ADA)
    assert terms(tiny, "mnist").fingerprint(ADA) != before.fingerprint(ADA)
    assert before.fingerprint(replace(ADA, student="bob")) == before.fingerprint(ADA)


def test_the_graders_own_code_changes_the_fingerprint(tiny, monkeypatch):
    """A mended check makes old grades stale."""
    before = terms(tiny).fingerprint(ADA)
    monkeypatch.setattr(provenance, "package_sha256", lambda: "another grader")
    assert terms(tiny).fingerprint(ADA) != before


def test_new_fingerprints_of_known_mistakes_change_the_fingerprint_but_not_the_seed(tiny):
    """A result may carry another hint then; the fingerprints were taken with this very seed."""
    before = terms(tiny)
    (tiny / "fingerprints.json").write_text(
        Misconceptions(assignment_sha256="cd", hints={"wrong": "Think."}).to_text()
    )
    assert terms(tiny).fingerprint(ADA) != before.fingerprint(ADA)
    assert terms(tiny).seed == before.seed


def test_a_result_says_how_it_was_made(tiny):
    """The environment names what can change a grade, all of it as text."""
    environment = terms(tiny).environment("full")
    assert list(environment) == [
        "sandbox", "python", "numpy", "torch", "dataset", "grader", "assignment_sha256",
    ]  # fmt: skip
    assert environment["sandbox"] == "full"
    assert environment["grader"] == grader.__version__
    assert all(isinstance(value, str) and value for value in environment.values())


def test_a_package_that_is_not_there_is_said_to_be_missing():
    """No package is imported to learn its version."""
    assert provenance.version("no-such-package-as-this") == "not installed"
    assert provenance.version("pytest") == pytest.__version__
