"""GitHub's job summary and annotations, read as its runner and its Markdown read them."""

import html
import re

import pytest

from grader.exports.github import annotations, summary
from grader.exports.view import view
from grader.results import Outcome
from tests.exports_examples import EVERY, QUOTED, grade, hostile, ordinary, result

COMMAND = re.compile(r"::(?P<kind>\w+)(?: (?P<properties>[^:]*))?::(?P<data>.*)")


def parse(line):
    """Read a command as the runner does: its kind, its properties, its message."""
    match = COMMAND.fullmatch(line)
    assert match is not None, line
    pairs = (pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair)
    return match["kind"], {k: unescape(v) for k, v in pairs}, unescape(match["data"])


def unescape(text):
    for code, mark in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, mark)
    return text


def commands(of, *, show_hidden=False):
    return [parse(line) for line in annotations(view(of, show_hidden=show_hidden)).splitlines()]


@pytest.mark.parametrize("make", EVERY)
def test_each_line_is_one_command(make):
    """The score is a notice; there are at most ten errors, and nothing else."""
    kinds = [kind for kind, _, _ in commands(make())]

    assert kinds[0] == "notice"
    assert set(kinds[1:]) <= {"error"}
    assert len(kinds) <= 11


def test_an_annotation_says_what_is_wrong_and_where():
    """The file and line are the student's; the title names task and test."""
    _, properties, message = commands(ordinary())[2]

    assert properties == {"file": "flips.py", "line": "12", "title": "flip: Flips."}
    assert message == ("flip raised ValueError: no\n  at flips.py, line 12: raise ValueError('no')")


def test_percent_signs_colons_and_commas_come_through():
    """Each is what separates the parts of a command."""
    title, text = "100%: a, b, %0A, %25", "50% of 1:1, 2::3\n%0A"
    (_, (_, properties, message)) = commands(
        grade(result(Outcome.FAILED, title=title, feedback=text))
    )

    assert properties["title"] == f"pad2d: {title}"
    assert message == text


def test_what_waits_for_another_task_is_not_annotated():
    """Mending that one comes first."""
    assert not any("Waits." in properties["title"] for _, properties, _ in commands(ordinary()))


def test_what_is_wrong_alike_is_said_once_and_the_rest_is_counted():
    """GitHub drops what exceeds ten of a kind without a word."""
    alike = [result(Outcome.FAILED, feedback="same") for _ in range(5)]
    other = [result(Outcome.FAILED, feedback=f"other {n}") for n in range(12)]
    said = [message for _, _, message in commands(grade(*alike, *other))]

    assert said[1] == "same\nand 4 more alike"
    assert len(said) == 11
    assert said[-1] == "4 more tests do not pass; the job summary has them all."


def test_public_tests_come_before_hidden_ones():
    """They say more, and there is room for ten."""
    tests = [result(Outcome.FAILED, hidden=True), result(Outcome.FAILED, feedback="seen")]
    assert [message for _, _, message in commands(grade(*tests))][1:] == [
        "seen", "This hidden test does not pass.",
    ]  # fmt: skip


def test_hostile_text_forges_no_command():
    """Every line is one of ours, and a log shows nothing that the runner would obey."""
    text = annotations(view(hostile(), show_hidden=False))

    assert [kind for kind, _, _ in map(parse, text.splitlines())] == ["notice", "error", "error"]
    assert "##[" not in text


def test_the_summary_shows_points_and_what_is_wrong():
    """A table of tasks, then each task's failures."""
    text = summary(view(ordinary(), show_hidden=False))

    assert text.startswith("## a1: 5 of 18 points\n")
    assert "| pad2d | 2 of 10 | 1 of 5 |" in text
    assert "### pad2d" in text
    assert "* **out of time**: Large&#46; (0 of 2)" in text
    assert (
        "<pre>padded differs\n  worst: padded[0, 0] is 1</pre>\n\n"
        "**hint**: Look at the corners&#46;\n"
    ) in text
    assert "more of it" not in text  # of what waits, only that it waits


def test_a_full_score_has_no_list_of_failures():
    """The table is enough."""
    assert "###" not in summary(view(grade(result()), show_hidden=False))


def test_hostile_text_is_no_markdown_and_no_html():
    """Outside our own blocks no mark of it is left; inside, no tag."""
    text = summary(view(hostile(), show_hidden=False))
    blocks = re.findall(r"^<pre>(.*?)</pre>$", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^<pre>.*?</pre>$", "", text, flags=re.MULTILINE | re.DOTALL)

    assert len(blocks) == 2
    assert not any(mark in block for block in blocks for mark in "<>")
    ours = re.sub(r"&#\d+;", "", rest)
    assert not set(ours) & set("<>@`[]\\=")
    assert "http" not in ours
    assert "@everyone" not in html.unescape(rest)
    assert "<script>alert(1)</script>" in html.unescape(rest)  # readable all the same


def test_no_line_of_a_summary_is_a_command():
    """Some step may print it to the log."""
    lines = summary(view(hostile(), show_hidden=False)).splitlines()

    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines)


def test_the_summary_stays_below_a_mebibyte():
    """Long texts are shortened; every test is there."""
    long = [
        result(Outcome.FAILED, title=f"Test {n}", feedback=f"{n}" + "<" * 4_000)
        for n in range(1_000)
    ]
    text = summary(view(grade(*long), show_hidden=False))

    assert len(text.encode()) <= 1_000_000
    assert "Test 999" in text


def test_hidden_tests_are_not_quoted():
    """Neither in the summary nor in an annotation; unless an instructor asks for it."""
    for write in (summary, annotations):
        assert QUOTED not in write(view(ordinary(), show_hidden=False))
        assert QUOTED in write(view(ordinary(), show_hidden=True))
