"""JUnit reports obey junit-10.xsd, the schema of Jenkins' xunit plugin."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from grader.exports.junit import junit
from grader.exports.view import view
from tests.exports_examples import EVERY, HOSTILE, hostile, ordinary

OUTCOME = ({"type", "message"}, set())
RULES = {  # element: (attributes, children), from the schema
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {
            "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp",
            "hostname", "id", "package", "file", "log", "url",
        },
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "time", "classname", "group"}, {"skipped", "error", "failure"}),
    "failure": OUTCOME,
    "error": OUTCOME,
    "skipped": OUTCOME,
}  # fmt: skip
REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "property": {"name", "value"},
    "testcase": {"name"},
}
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def parse(text: str) -> ET.Element:
    """Read our own report."""
    return ET.fromstring(text)  # noqa: S314 - it has no entities: hostile text is escaped


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("show_hidden", [False, True])
def test_a_report_obeys_the_schema(make, show_hidden):
    """Elements, attributes and times are those of the schema; the XML is well formed."""
    for element in parse(junit(view(make(), show_hidden=show_hidden))).iter():
        attributes, children = RULES[element.tag]
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
        assert TIME.fullmatch(element.get("time", "0"))


@pytest.mark.parametrize("make", EVERY)
def test_counts_are_those_of_the_elements(make):
    """A CI service shows the numbers that the attributes state."""
    report = parse(junit(view(make(), show_hidden=False)))

    for suite in (report, *report):
        found = Counter(element.tag for element in suite.iter())
        assert suite.get("tests") == str(found["testcase"])
        assert suite.get("failures") == str(found["failure"])
        assert suite.get("errors") == str(found["error"])
        assert suite.get("skipped", str(found["skipped"])) == str(found["skipped"])


def test_each_task_is_a_suite():
    """Its properties say whose it is, and what it earned."""
    suites = parse(junit(view(ordinary(), show_hidden=False))).findall("testsuite")

    assert [suite.get("name") for suite in suites] == ["pad2d", "flip"]
    properties = {p.get("name"): p.get("value") for p in suites[1].iter("property")}
    assert properties == {"student": "ada", "score": "3", "points": "8"}
    assert suites[0].get("timestamp") == "2026-10-01T12:00:00"
    assert suites[0].get("time") == "1.250"


def test_a_failure_says_what_is_wrong_and_the_hint():
    """The message is the first line; the text is all of it."""
    report = parse(junit(view(ordinary(), show_hidden=False)))
    failure = report.find(".//testcase[@name='Edges.']/failure")

    assert failure is not None
    assert failure.get("message") == "padded differs"
    assert failure.text == (
        "padded differs\n  worst: padded[0, 0] is 1\nhint: Look at the corners."
    )


def test_hostile_text_is_text():
    """No element or entity is forged, and what XML cannot hold is replaced."""
    text = junit(view(hostile(), show_hidden=False))
    report = parse(text)

    assert len(report.findall(".//testcase")) == 2
    failure = report.find(".//failure")
    assert failure is not None
    assert "<script>alert(1)</script>" in str(failure.text)
    assert "]]>" in HOSTILE
    assert "]]>" not in text
