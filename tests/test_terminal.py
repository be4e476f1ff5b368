"""What students and instructors read in a terminal."""

from dataclasses import replace

import pytest

from grader.reports.terminal import class_table, coloured, failures, points_table, practice_report
from grader.results import Grade, Outcome, Result, Status, Visibility


def result(task: str, outcome: Outcome = Outcome.PASSED, **changes: object) -> Result:
    """Return the result of one test."""
    fields = {
        "test": f"test.py::test_{task}", "task": task, "title": f"{task} works.", "points": 2.0,
        "visibility": Visibility.PUBLIC, "outcome": outcome, "seconds": 0.1,
    }  # fmt: skip
    return Result(**fields | changes)


WRONG = result("pad", Outcome.FAILED, feedback="padded is 3, expected 4\n  worst: 1", hint="Count.")
STUB = result("edges", Outcome.FAILED, feedback="edges is not written yet")
WAITING = result(
    "blur", Outcome.SKIPPED, feedback="blur builds on pad, which fails\nblur raised ValueError"
)


def grade(student: str, *results: Result, **changes: object) -> Grade:
    """Return the grade of one student."""
    fields = {
        "assignment": "a1", "student": student, "status": Status.GRADED, "submission_sha256": "",
        "graded_at": "", "environment": {}, "max_score": 100.0, "results": results,
    }  # fmt: skip
    return Grade(**fields | changes)


def test_points_stand_in_a_column():
    """Each task has one line, and the last line is the sum."""
    text = points_table([result("pad"), WRONG, result("convolve", points=0.5)])
    assert text.splitlines() == [
        "  pad           2 / 4      1 of 2 tests passed",
        "  convolve    0.5 / 0.5    1 of 1 test passed",
        "  total       2.5 / 4.5",
    ]


def test_a_failure_says_what_is_wrong_and_then_the_hint():
    """The title, the points, the whole feedback and the hint stand under the task."""
    assert failures([result("pad"), WRONG]).splitlines() == [
        "pad",
        "  failed: pad works.  (2 points, test_pad)",
        "    padded is 3, expected 4",
        "      worst: 1",
        "    hint: Count.",
    ]


def test_a_long_hint_is_wrapped():
    """No word of it is lost."""
    hint = "Turn the kernel by 180 degrees, that is reverse both axes, first. " * 4
    shown = failures([replace(WRONG, hint=hint)]).splitlines()
    assert max(map(len, shown)) <= 100
    assert " ".join(" ".join(shown[4:]).split()) == "hint: " + hint.strip()


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Outcome.FAILED, "failed"),
        (Outcome.TIMEOUT, "out of time"),
        (Outcome.CRASHED, "crashed"),
        (Outcome.BROKEN, "broken"),
    ],
)
def test_each_outcome_has_a_word(outcome, word):
    """A student reads words, not the names of our values."""
    assert f"  {word}: pad works.  (1 point, test_pad)" in failures(
        [result("pad", outcome, points=1.0)]
    )


def test_what_waits_for_another_task_takes_one_line():
    """Mending the other task comes first."""
    assert failures([WAITING, WAITING]).splitlines() == [
        "blur",
        "  waiting: blur builds on pad, which fails",
    ]


def test_a_task_that_is_not_written_is_no_failure():
    """A fresh download shows no wall of failures."""
    assert failures([STUB, result("pad")]) == ""
    assert "not written" in failures([STUB, replace(STUB, feedback="edges is 3")])


@pytest.mark.parametrize(
    ("results", "advice"),
    [
        ([result("a"), WRONG, STUB], "Next: mend pad."),
        ([result("a"), STUB, WRONG], "Next: write edges."),
        ([result("a")], "All of these pass. Hidden tests will try your functions on other inputs."),
    ],
)
def test_the_report_ends_with_the_next_step(results, advice):
    """One sentence, the last one, says what to do."""
    report = practice_report("a1: Padding", results)
    assert report.splitlines()[0] == "a1: Padding"
    assert report.splitlines()[-1] == advice


def test_a_report_without_failures_has_no_gap():
    """Parts are separated by one empty line each."""
    assert "\n\n\n" not in practice_report("a1: Padding", [result("pad")])
    assert "\n\n\n" not in practice_report("a1: Padding", [result("pad"), WRONG])


def test_colours_show_how_far_a_task_is():
    """Green is done, yellow is begun, red is nothing yet."""
    table = points_table([result("a"), result("b"), replace(WRONG, task="b"), WRONG], coloured)
    a, b, pad, _ = table.splitlines()
    assert "\x1b[32m1 of 1 test passed\x1b[0m" in a
    assert "\x1b[33m1 of 2 tests passed\x1b[0m" in b
    assert "\x1b[31m0 of 1 test passed\x1b[0m" in pad
    report = practice_report("a1", [WRONG, WAITING], coloured)
    assert report.startswith("\x1b[1ma1\x1b[0m\n")
    assert "\x1b[31mfailed\x1b[0m: pad works." in report
    assert "\x1b[33mwaiting\x1b[0m: blur builds on" in report


def test_without_colours_there_is_no_escape_sequence():
    """What is written to a file can be read."""
    assert "\x1b" not in practice_report("a1", [WRONG, WAITING, STUB, result("a")])
    assert "\x1b" not in class_table([grade("ada", WRONG)])


def test_the_class_is_a_line_for_each_student_and_a_glance():
    """Remarks count what is not passed; a rejection gives its reason."""
    late = result("pad", Outcome.TIMEOUT)
    text = class_table(
        [
            grade("ada", result("pad", points=100.0)),
            grade("bob", result("pad", points=50.0), WRONG, WRONG, late),
            grade("a-long-name", status=Status.REJECTED, messages=("note", "it is a link")),
        ]
    )
    assert text.splitlines() == [
        "student       score  status    remarks",
        "ada           100.0  graded",
        "bob            50.0  graded    2 failed, 1 out of time",
        "a-long-name     0.0  rejected  it is a link",
        "",
        "3 students: mean 50.0, median 50.0 of 100 points",
    ]


def test_the_colours_of_a_class_tell_the_full_from_the_rest():
    """Green is full, yellow is not, red is no grade."""
    text = class_table(
        [
            grade("ada", result("pad", points=100.0)),
            grade("bob", WRONG),
            grade("eve", status=Status.BROKEN, messages=("no answer",)),
        ],
        coloured,
    )
    _, ada, bob, eve, *_ = text.splitlines()
    assert "\x1b[32mgraded  \x1b[0m" in ada
    assert "\x1b[33mgraded  \x1b[0m" in bob
    assert "\x1b[31mbroken  \x1b[0m  no answer" in eve


def test_what_several_tests_say_alike_is_said_once():
    """A file that cannot be imported is one mistake, whatever the number of its tests."""
    broken = [
        replace(WRONG, test=f"test.py::test_{n}", feedback="pad.py cannot be imported")
        for n in "abc"
    ]
    text = failures([*broken, WRONG])
    assert text.count("pad.py cannot be imported") == 1
    assert "    and 2 more tests alike" in text.splitlines()
    assert "padded is 3, expected 4" in text


def test_remarks_say_what_was_missing():
    """Beside the counts stands what the intake noticed."""
    table = class_table([grade("mia", WRONG, messages=("files missing: pad.py",))])
    assert "1 failed; files missing: pad.py" in table


def test_a_broken_grade_shows_its_reason():
    """Whoever must act reads why."""
    broken = result("pad", Outcome.BROKEN, feedback="not the student's fault: no data")
    table = class_table([grade("mia", broken, status=Status.BROKEN, messages=("files missing",))])
    assert "not the student's fault: no data" in table
