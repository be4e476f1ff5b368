"""What an instructor reads about a class."""

import re
from dataclasses import replace

import pytest

from grader.pages.charts import HEIGHT, histogram, scatter, ticks
from grader.pages.class_page import by_score, class_page
from grader.pages.markdown import student_markdown
from grader.pages.render import render
from grader.pages.student import student_page
from grader.pages.tallies import (
    clusters,
    distribution,
    lost_in_tasks,
    lost_in_tests,
    trainings,
)
from grader.results import Grade, Outcome, Status, Visibility
from tests.html_pages import Page
from tests.page_grades import HOSTILE, KNOWN, MISMATCH, assignment, grade, large_class, result

SORTS = {"by name": "index.html", "by score": "by-score.html"}
PASSED = result("pad", "test_corners", points=60.0)
WRONG = result("blur", "test_sum", Outcome.FAILED, points=40.0, feedback=MISMATCH, fingerprint="f1")


def page(*grades: Grade) -> Page:
    """Return the page of a class."""
    content = class_page(assignment(), grades)
    return Page(render("class.html", page=content, sorts=SORTS, here="index.html", stamp=""))


def test_scores_are_counted_in_ten_ranges():
    """The best score belongs to the last range."""
    bins = distribution([0, 5, 10, 99.9, 100], 100)
    assert [each.students for each in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].low, bins[-1].high) == (0, 100)
    assert [each.students for each in distribution([3.5], 7)][5] == 1


def test_the_dearest_task_and_test_come_first():
    """Lost points are those of the average student; tests that cost nothing are left out."""
    grades = [grade("ada", [PASSED, WRONG]), grade("ben", [PASSED, replace(WRONG, share=0.5)])]
    blur, pad = lost_in_tasks(grades)
    assert (blur.name, blur.lost, blur.full, blur.students) == ("blur", 30, 0, 2)
    assert (pad.name, pad.lost, pad.full) == ("pad", 0, 2)
    (test,) = lost_in_tests(grades)
    assert (test.name, test.lost, test.share) == ("Title of test_sum.", 30, 0.75)


def test_equal_wrong_answers_of_three_students_are_a_cluster():
    """Tests in which the same students gave equal answers are put together."""
    other = replace(WRONG, test="t.py::test_other", title="Another.", fingerprint="f2")
    found = clusters([grade(name, [WRONG, other]) for name in ("cem", "ada", "ben")])
    assert [(each.students, each.titles) for each in found] == [
        (("ada", "ben", "cem"), ("Title of test_sum.", "Another."))
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"fingerprint": ""},
        {"misconception": "edge", "hint": KNOWN},
        {"outcome": Outcome.SKIPPED},
    ],
    ids=["no fingerprint", "explained", "waiting"],
)
def test_what_is_explained_is_no_cluster(changes):
    """Only a wrong answer that nobody understands yet is shown."""
    assert not clusters([grade(name, [replace(WRONG, **changes)]) for name in "abc"])
    assert not clusters([grade(name, [WRONG]) for name in "ab"])


def test_trainings_hold_accuracy_and_time():
    """A test that measured no accuracy is none."""
    run = replace(PASSED, accuracy=0.9, seconds=2.0)
    (training,) = trainings(
        [grade("ada", [run, WRONG]), grade("ben", [replace(run, accuracy=0.8)])]
    )
    assert [(each.student, each.accuracy) for each in training.runs] == [("ada", 0.9), ("ben", 0.8)]
    assert training.accuracy == pytest.approx(0.85)


@pytest.mark.parametrize(
    "values", [[0.0], [0.0, 0.0], [0.91, 0.9101], [3, 17], [1e-9, 1e9], [0.5], [0, 0.3]]
)
def test_ticks_are_few_and_span_the_values(values):
    """An axis has two to eight round numbers, whatever it shows."""
    found = ticks(values)
    assert 2 <= len(found) <= 8
    assert found[0] <= min(values)
    assert found[-1] >= max(values)
    assert found == sorted(set(found))


def test_charts_stay_inside_their_frame():
    """No column or dot leaves the picture, and the words say what it shows."""
    drawn = histogram(distribution([0, 100, 100], 100))
    assert all(column.y >= 0 and column.y + column.height <= HEIGHT for column in drawn.columns)
    assert drawn.words == "0 to 10 points: 1 student; 90 to 100 points: 2 students"
    run = replace(PASSED, accuracy=0.9, seconds=0.0)
    for runs in ([run], [run, replace(run, accuracy=0.2, seconds=90.0)]):
        (training,) = trainings([grade(str(n), [each]) for n, each in enumerate(runs)])
        assert all(0 <= dot.x <= 100 and 0 <= dot.y <= HEIGHT for dot in scatter(training).dots)


def test_mistakes_are_ranked_with_their_hint():
    """What most students share comes first, ready to be said."""
    edge = replace(WRONG, misconception="edge", hint=KNOWN)
    rare = replace(WRONG, misconception="rare", hint="Rare.")
    shown = page(*[grade(n, [edge]) for n in "ab"], *[grade(n, [rare]) for n in "c"]).text
    assert shown.index("2 students blur : edge") < shown.index("1 student blur : rare")
    assert KNOWN in shown


def test_what_an_instructor_must_act_on_comes_early():
    """Rejected and broken submissions are listed with the reason."""
    broken = replace(PASSED, outcome=Outcome.BROKEN, feedback="not the student's fault: IndexError")
    shown = page(
        grade("ada", [PASSED]),
        grade("ben", status=Status.REJECTED, messages=("ben.zip: it is a link",)),
        grade("cem", [broken], status=Status.BROKEN),
    ).text
    assert "ben.zip: it is a link" in shown
    assert "IndexError" in shown
    assert "1 of 3 could not be judged" in shown


def test_flags_are_for_the_instructor():
    """Where code deserves a look is said on this page, and on no student's."""
    flags = ("pad.py, line 3: exec runs what no line shows", "pad.py, line 9: <b>hidden</b>")
    flagged = grade("ada", [PASSED], flags=flags)
    shown = page(flagged, grade("ben", [PASSED])).text
    assert "pad.py, line 3: exec runs what no line shows, and 1 other" in shown
    assert "<b>hidden</b>" in shown
    student = student_page(flagged, assignment(), reveal=True)
    for text in (render("student.html", page=student, stamp=""), student_markdown(student)):
        assert "line 3" not in text


def test_what_nobody_is_graded_for_is_listed():
    """A file without a student is shown as text, and asks for a look on its own."""
    content = class_page(assignment(), [grade("ada", [PASSED])], ["<b>notes</b>.txt: whose?"])
    html = render("class.html", page=content, sorts=SORTS, here="index.html", stamp="")
    assert "<b>notes</b>.txt: whose?" in Page(html).text
    assert 'href="#review"' in html


def test_the_scores_are_those_that_count():
    """Lateness and what an instructor decided are in them."""
    late = grade("ada", [PASSED], adjustment=-10.0, adjustments=("1 day late",))
    content = class_page(assignment(), [late])
    assert content.rows[0].score == 50
    assert content.scores["mean"] == "50"
    assert "1 day late" in content.rows[0].remarks


def test_every_student_is_linked_in_either_order():
    """The pages are sorted already, so that they need no script."""
    grades = [grade("ada", [WRONG]), grade("ben & co", [PASSED, WRONG])]
    content = class_page(assignment(), grades)
    assert [row.student for row in by_score(content).rows] == ["ada", "ben & co"]
    links = [a["href"] for a in page(*grades).named("a")]
    assert "feedback/ben%20%26%20co.html" in links
    assert "by-score.html#students" in links
    assert "index.html#students" not in links


def test_how_the_grades_were_made_is_counted_where_it_differs():
    """Two data sets in one class are something to know."""
    one, two = grade("ada", [PASSED]), grade("ben", [PASSED])
    shown = page(one, replace(two, environment={**two.environment, "dataset": "mnist"})).text
    assert "digits (1), mnist (1)" in shown
    assert "isolation full" in shown


def test_the_page_of_a_class_is_well_formed():
    """Every tag is closed, ids are unique, every anchor has its place, charts have words."""
    shown = page(*large_class(40))
    assert shown.unbalanced == []
    ids = [attributes["id"] for _, attributes in shown.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = {a["href"][1:] for a in shown.named("a") if a["href"].startswith("#")}
    assert anchors <= set(ids)
    assert anchors >= {"mistakes", "lost", "students", "accuracy"}
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in shown.named("svg"))
    levels = [int(tag[1]) for tag, _ in shown.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert {"script", "link", "iframe"}.isdisjoint(tag for tag, _ in shown.tags)


def test_hostile_text_is_inert_on_the_page_of_a_class():
    """Names, messages and answers are text, and nothing that steers is left of them."""
    wrong = replace(WRONG, feedback=HOSTILE, title="A title.", visibility=Visibility.HIDDEN)
    grades = [grade(f"{HOSTILE} {n}", [wrong], messages=(HOSTILE,)) for n in range(3)]
    content = class_page(assignment(), grades, [HOSTILE])
    html = render("class.html", page=content, sorts=SORTS, here="index.html", stamp="")
    shown = Page(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in shown.tags)
    assert shown.unbalanced == []
    assert all(re.match(r"#|feedback/|(by-score|index)\.html", a["href"]) for a in shown.named("a"))
    assert not re.search("[\x1b\x00\x07\N{RIGHT-TO-LEFT OVERRIDE}]", html)


def test_a_class_in_which_nothing_could_be_judged_has_a_page():
    """There is nothing to count, and that is said rather than divided by."""
    assert "1 of 1 could not be judged" in page(grade("ada", status=Status.BROKEN)).text
    assert page(grade("ada", status=Status.REJECTED, messages=("why",))).unbalanced == []
