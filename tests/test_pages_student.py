"""What a student reads: as a page and as Markdown."""

import itertools
import re
from dataclasses import replace

import mistune
import pytest

from grader.pages.markdown import student_markdown
from grader.pages.render import render
from grader.pages.student import StudentPage, student_page
from grader.results import Drawing, Grade, Outcome, Status, Visibility
from tests.html_pages import Page
from tests.page_grades import HOSTILE, KNOWN, MISMATCH, assignment, grade, result

SECRET = "expected 0.4711"  # noqa: S105  (what a hidden test must not tell)
PASSED = result("pad", "test_corners")
WRONG = result(
    "pad", "test_zeros", Outcome.FAILED, feedback=MISMATCH + "\n  printed: here I am", hint="Zeros."
)
HIDDEN = result(
    "pad", "test_secret", Outcome.FAILED, visibility=Visibility.HIDDEN,
    feedback=f"padded is 3, {SECRET}", hint="About the inputs.",
)  # fmt: skip
WAITING = result("blur", "test_sum", Outcome.SKIPPED, feedback="blur builds on pad\nblur is None")
STUB = result("blur", "test_sum", Outcome.FAILED, feedback="blur is not written yet")


def content(given: Grade, *, reveal: bool = False) -> StudentPage:
    """Gather what a student's page says."""
    return student_page(given, assignment(), reveal=reveal)


def page(*results: object, reveal: bool = False, **changes: object) -> Page:
    """Return the page of a student with these results."""
    given = grade("ada", results, **changes)
    return Page(render("student.html", page=content(given, reveal=reveal), stamp=""))


def markdown(*results: object, reveal: bool = False) -> str:
    """Return the Markdown of a student with these results."""
    return student_markdown(content(grade("ada", results), reveal=reveal))


def test_a_failure_is_laid_out():
    """The title, what is wrong, the worst element, the arrays, what was printed and the hint."""
    shown = page(PASSED, WRONG).text
    for words in (
        "Title of test_zeros.", "failed · 10 points", "padded differs from what is expected",
        "worst padded[0, 1] is 4, expected 0", "printed here I am", "Hint Zeros.", "test_zeros",
    ):  # fmt: skip
        assert words in shown


def test_points_stand_beside_each_task():
    """The points of each task are said in words, and drawn for those who see."""
    shown = page(PASSED, WRONG, replace(PASSED, task="blur"))
    assert "pad 10 of 20" in shown.text
    assert "20 of 100 points" in shown.text
    bars = [a for a in shown.named("span") if a.get("class", "").startswith("bar")]
    assert len(bars) == 3
    assert all(bar["aria-hidden"] == "true" for bar in bars)


def test_the_score_that_counts_is_the_one_that_is_shown():
    """Beside it stands what the tests gave, and below it why it is another."""
    late = {"adjustment": -4.0, "adjustments": ("1 day late: 4 points less",)}
    shown = page(PASSED, WRONG, **late).text
    assert "6 of 100 points" in shown
    assert "10 points from the tests" in shown
    assert "1 day late: 4 points less" in shown
    text = student_markdown(content(grade("ada", [PASSED, WRONG], **late)))
    assert "**6 of 100 points.**" in text
    assert "10 points from the tests" in text
    assert "from the tests" not in page(PASSED, WRONG).text


def test_the_next_step_is_said_once():
    """One sentence tells a student where to begin."""
    assert "Next: mend pad." in page(WRONG, WAITING).text
    assert "Next: write blur." in page(PASSED, STUB).text
    assert "All tests pass: there is nothing to mend." in page(PASSED).text


def test_a_test_that_waits_says_for_what():
    """What only waits for another task shows no further complaint."""
    shown = page(WRONG, WAITING).text
    assert "blur builds on pad" in shown
    assert "blur is None" not in shown


def test_a_task_that_is_not_written_is_one_line():
    """No wall of failures for an empty stub."""
    shown = page(*[replace(STUB, test=f"t.py::test_{n}") for n in range(9)])
    assert shown.text.count("is not written yet") == 1
    assert "9 tests" in shown.text


def test_what_several_tests_say_alike_is_said_once():
    """A file that cannot be imported is one mistake, and lists its tests."""
    alike = [replace(WRONG, test=f"t.py::test_{n}", title=f"Title {n}.") for n in range(3)]
    shown = page(*alike).text
    assert shown.count("padded differs") == 1
    assert all(f"Title {n}." in shown for n in range(3))


def test_what_several_tasks_have_in_common_is_said_with_the_first():
    """A later task refers to it."""
    broken = replace(WRONG, feedback="images.py cannot be imported\n  line 3", hint="")
    tests = [broken, replace(broken, task="blur"), replace(HIDDEN, task="blur")]
    shown = page(*tests).text
    assert shown.count("line 3") == 1
    assert "The same as with pad : images.py cannot be imported (2 tests)" in shown
    assert "The same as with pad: `images.py cannot be imported`" in markdown(*tests)
    assert "The same" not in page(*tests, replace(PASSED, task="blur")).text


def test_a_hint_that_is_good_for_several_failures_stands_above_them():
    """It is said once, with the number of tests it is about."""
    other = replace(WRONG, test="t.py::test_other", feedback="padded is None")
    shown = page(WRONG, other).text
    assert shown.count("Zeros.") == 1
    assert "Hint for 2 of these tests Zeros." in shown


@pytest.mark.parametrize("write", [lambda *r, **k: page(*r, **k).text, markdown])
def test_a_hidden_test_tells_its_title_and_no_more(write):
    """Neither inputs nor expected values nor the name of the test reach a student."""
    shown = write(PASSED, HIDDEN)
    assert "Title of test\\_secret." in shown or "Title of test_secret." in shown
    assert SECRET not in shown
    assert "About the inputs" not in shown
    assert "test_secret (" not in shown
    assert "This hidden test does not pass." in shown


def test_a_known_mistake_in_a_hidden_test_has_its_hint():
    """The author wrote it to be read."""
    known = replace(HIDDEN, misconception="edge", hint=KNOWN)
    assert KNOWN in page(known).text
    assert SECRET not in page(known).text


@pytest.mark.parametrize("write", [lambda *r, **k: page(*r, **k).text, markdown])
def test_hidden_tests_can_be_revealed(write):
    """After the due date a student reads all of it, and that it was hidden."""
    shown = write(HIDDEN, reveal=True)
    assert SECRET in shown
    assert "(hidden test)" in shown


DRAWING = Drawing(
    caption="got: 0 to 1", alt="What came out.", media="image/png", width=60, data="iVBORw=="
)


def test_what_a_test_found_can_be_looked_at():
    """A picture is in the page itself, with its caption, and with words in its place."""
    shown = page(replace(WRONG, pictures=(DRAWING,)))
    (image,) = shown.named("img")
    assert image["src"] == "data:image/png;base64,iVBORw=="
    assert image["alt"] == "What came out."
    assert "got: 0 to 1" in shown.text
    assert "picture: What came out." in markdown(replace(WRONG, pictures=(DRAWING,)))
    assert len(page(replace(PASSED, pictures=(DRAWING, DRAWING))).named("img")) == 2


def test_the_pictures_of_a_hidden_test_are_hidden():
    """They show its inputs; once it is revealed they are shown."""
    for test in (replace(HIDDEN, pictures=(DRAWING,)), replace(HIDDEN, outcome=Outcome.PASSED)):
        hidden = replace(test, pictures=(DRAWING,))
        assert not page(hidden).named("img")
        assert "What came out" not in markdown(hidden)
        assert len(page(hidden, reveal=True).named("img")) == 1


def test_a_fault_of_ours_is_never_quoted():
    """A traceback of ours may hold an answer, even when hidden tests are shown."""
    broken = replace(HIDDEN, outcome=Outcome.BROKEN, feedback=f"IndexError: {SECRET}")
    for reveal in (False, True):
        shown = page(broken, reveal=reveal, status=Status.BROKEN).text
        assert SECRET not in shown
        assert "not your fault" in shown


def test_a_submission_that_could_not_be_read_says_why():
    """There is no test to show, so the reason is all there is."""
    shown = page(status=Status.REJECTED, messages=("ada.zip: it is not a zip file",)).text
    assert "ada.zip: it is not a zip file" in shown
    assert "Next: hand in again" in shown
    assert "not your fault" in page(status=Status.BROKEN).text


def test_accuracy_that_was_reached_is_said():
    """A student who passed likes to know by how much."""
    assert "accuracy 0.918" in page(replace(PASSED, accuracy=0.9183)).text


def test_a_page_is_well_formed_and_fetches_nothing():
    """Every tag is closed, there is one h1, headings go down by one, and a strict policy."""
    shown = page(PASSED, WRONG, HIDDEN, WAITING, messages=("note",))
    assert shown.unbalanced == []
    levels = [int(tag[1]) for tag, _ in shown.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert shown.named("html") == [{"lang": "en"}]
    assert all("scope" in attributes for attributes in shown.named("th"))
    (policy,) = [m for m in shown.named("meta") if m.get("http-equiv")]
    assert policy["content"] == ("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert {"script", "link", "iframe", "object", "form"}.isdisjoint(t for t, _ in shown.tags)
    assert all(a["href"].startswith("#") for a in shown.named("a"))


def hostile() -> Grade:
    """Return the grade of a student who writes anything wherever a student can."""
    wrong = replace(WRONG, feedback=f"{HOSTILE}\n  printed: {HOSTILE}")
    return grade(HOSTILE, [wrong, PASSED], messages=(HOSTILE,))


def test_hostile_text_is_inert_on_a_page():
    """The page has the tags it has without that text, and shows no character that steers."""
    harmless = grade("x", [replace(WRONG, feedback="x\ny"), PASSED], messages=("x",))
    html = [render("student.html", page=content(each), stamp="") for each in (hostile(), harmless)]
    shown, expected = map(Page, html)
    kinds = [[tag for tag, _ in each.tags if tag != "pre"] for each in (shown, expected)]
    assert kinds[0] == kinds[1]
    assert shown.unbalanced == []
    assert "alert(1)" in shown.text  # it is shown, as text
    assert "{{ 7*7 }}" in shown.text
    for character in "\x1b\x00\x07\N{RIGHT-TO-LEFT OVERRIDE}":
        assert character not in html[0]
    assert "\n::error" not in html[0]


def test_hostile_text_is_inert_in_markdown():
    """Rendered as GitHub would, there is no link, image, tag or command in it."""
    text = student_markdown(content(hostile()))
    shown = Page(mistune.html(text))
    assert {"a", "img", "script"}.isdisjoint(tag for tag, _ in shown.tags)
    assert "alert(1)" in shown.text
    for character in "\x1b\x00\x07\N{RIGHT-TO-LEFT OVERRIDE}":
        assert character not in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)


def test_markdown_says_what_the_page_says():
    """Points, next step, what is wrong, the hint, and how it was graded."""
    text = markdown(PASSED, WRONG, WAITING)
    shown = Page(mistune.create_markdown(plugins=["table"])(text)).text
    for words in (
        "10 of 100 points", "Next: mend pad.", "pad 10 of 20",
        "worst: padded[0, 1] is 4, expected 0", "Hint: Zeros.", "blur builds on pad",
        "Python: 3.11.7",
    ):  # fmt: skip
        assert words in shown


@pytest.mark.parametrize("text", ["```", "````\n# not a heading", "~~~", "`", "a `` b"])
def test_no_run_of_backticks_ends_a_block_of_code(text):
    """Whatever a student's code prints stays in its block."""
    shown = markdown(replace(WRONG, feedback=f"wrong\n{text}\n[link](https://evil.example)"))
    assert not Page(mistune.html(shown)).named("a")
