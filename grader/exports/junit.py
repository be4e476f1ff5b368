"""JUnit XML, as Jenkins' xunit plugin (junit-10.xsd) and CI services read it."""

from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from grader.exports.view import Shown, View
from grader.results import Outcome

# A failure is a wrong answer; an error is whatever kept a test from giving one.
_ELEMENTS: Final = {
    Outcome.FAILED: "failure",
    Outcome.TIMEOUT: "error",
    Outcome.CRASHED: "error",
    Outcome.BROKEN: "error",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_RUN: "skipped",
}


def junit(view: View) -> str:
    """Return one suite for each task, in one report."""
    report = ET.Element("testsuites", name=view.assignment, time=_seconds(view.seconds))
    report.attrib |= _counts(view.tests, ("tests", "failures", "errors"))
    for number, task in enumerate(dict.fromkeys(test.task for test in view.tests), start=1):
        _add_suite(report, view, task, number)
    ET.indent(report, " ")
    text = ET.tostring(report, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_suite(report: ET.Element, view: View, task: str, number: int) -> None:
    tests = [test for test in view.tests if test.task == task]
    suite = ET.SubElement(report, "testsuite", name=task, id=str(number - 1))
    suite.attrib |= _counts(tests, ("tests", "failures", "errors", "skipped"))
    suite.attrib |= {
        "time": _seconds(sum(test.seconds for test in tests)),
        "timestamp": datetime.fromisoformat(view.graded_at).strftime("%Y-%m-%dT%H:%M:%S"),
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("student", view.student),
        ("score", f"{sum(test.score for test in tests):g}"),
        ("points", f"{sum(test.points for test in tests):g}"),
    ):
        ET.SubElement(properties, "property", name=name, value=value)
    for test in tests:
        _add_case(suite, f"{view.assignment}.{task}", test)


def _add_case(suite: ET.Element, classname: str, test: Shown) -> None:
    case = ET.SubElement(
        suite, "testcase", name=test.name, classname=classname, time=_seconds(test.seconds)
    )
    if test.passed:
        return
    first_line = test.text.partition("\n")[0]
    wrong = ET.SubElement(case, _ELEMENTS[test.outcome], type=test.outcome, message=first_line)
    wrong.text = test.explanation


def _counts(tests: tuple[Shown, ...] | list[Shown], names: tuple[str, ...]) -> dict[str, str]:
    elements = [_ELEMENTS[test.outcome] for test in tests if not test.passed]
    counts = {
        "tests": len(tests),
        "failures": elements.count("failure"),
        "errors": elements.count("error"),
        "skipped": elements.count("skipped"),
    }
    return {name: str(counts[name]) for name in names}


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
