"""`grader doctor`: what this machine can do, for people and for programs."""

import json
import platform

import numpy as np
import pytest

import grader
from grader import doctor
from grader.errors import GraderError


@pytest.fixture(scope="module")
def told(run_python, tmp_path_factory):
    """Return what `grader doctor --json` prints, once for all tests."""
    done = run_python("-m", "grader", "doctor", "--json", cwd=tmp_path_factory.mktemp("here"))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def findings(told):
    """Return the findings as data."""
    return json.loads(told)


def test_json_is_one_object_of_the_schema(told, findings):
    """Nothing else is printed."""
    assert told.count("\n") == 1
    assert list(findings) == [
        "schema", "grader", "sandbox", "system", "cpus", "python", "packages", "cuda", "datasets",
    ]  # fmt: skip
    assert findings["schema"] == "deltagrade/doctor/v1"
    assert set(findings["sandbox"]) == {"tier", "reason", "root"}


def test_the_machine_is_described(findings):
    """Versions are those of this environment."""
    assert findings["grader"] == grader.__version__
    assert findings["python"] == platform.python_version()
    assert findings["packages"]["numpy"] == np.__version__
    assert {"torch", "matplotlib", "nbgrader"} <= set(findings["packages"])
    assert not findings["datasets"]["digits"].startswith("not")


def test_the_sandbox_was_really_tried(findings):
    """A tier is found by a worker that tries what it must not be able to do, with a reason."""
    assert findings["sandbox"]["tier"] in {"full", "reduced", "none"}
    assert findings["sandbox"]["reason"]


def test_a_person_gets_one_line_for_each_finding(findings):
    """The names stand in one column, and nothing found is left out."""
    findings["sandbox"] |= {"tier": "reduced", "reason": "no bubblewrap", "root": True}
    rows = dict(line.split("  ", 1) for line in doctor.as_text(findings).splitlines())
    said = {name.strip(): value.strip() for name, value in rows.items()}
    assert said["sandbox"] == "reduced: no bubblewrap"
    assert said["user"].startswith("root")
    assert said | findings["packages"] == said
    assert {name: said[f"data: {name}"] for name in findings["datasets"]} == findings["datasets"]


def test_who_is_not_root_hears_nothing_of_it(findings):
    """The line about root is for root."""
    findings["sandbox"]["root"] = False
    assert not any(line.startswith("user ") for line in doctor.as_text(findings).splitlines())


def test_a_sandbox_that_does_not_start_is_a_finding(monkeypatch):
    """The doctor says what is wrong, and does not fall ill itself."""

    def refuse(*_: object, **__: object) -> None:
        raise GraderError("the sandbox does not start: no fork")

    monkeypatch.setattr(doctor.servers, "start_zygote", refuse)
    found = doctor.examine()
    assert found["sandbox"]["tier"] == "none"
    assert found["sandbox"]["reason"] == "the sandbox does not start: no fork"
