"""The example class: every way to hand in, graded by the real command.

Each entry of `tests/submissions/` is named for what must happen to it; here is
what that is. The class is graded once, and every test looks at the outcome.
"""

import csv
import ctypes
import gzip
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.submission_archives import CLASS, archives

LEFT_BEHIND = "left-behind-by-a-submission"
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must become of one entry."""

    score: float
    status: str = "graded"
    passes: tuple[str, ...] = ()  # tasks with full points
    outcomes: dict[str, str] = field(default_factory=dict)  # of a task's tests, or of one test
    says: dict[str, str] = field(default_factory=dict)  # test: a pattern in its feedback and hint
    notes: str = ""  # a pattern in the messages of the grade


IMAGE_TASKS = ("to_float", "to_uint8", "gray_to_rgb", "zero_channel", "draw_box",
               "to_channels_first", "to_channels_last")  # fmt: skip
ALL_TASKS = (*IMAGE_TASKS, "pad2d", "output_size", "correlate2d", "convolve2d", "convolve_image",
             "sobel_x", "sobel_y", "gradient_magnitude")  # fmt: skip

STUDENTS = {
    "perfect": Expected(score=100, passes=ALL_TASKS),
    "perfect-in-loops": Expected(score=100, passes=ALL_TASKS),
    "zipped-in-a-folder": Expected(score=100, notes=r"found in folder a1_convolution/"),
    "empty-stubs": Expected(
        score=0,
        outcomes=dict.fromkeys(ALL_TASKS, "failed"),
        says={
            "test_black_becomes_0_and_white_becomes_1": r"^to_float is not written yet$",
            "test_sobel_y_of_bytes": r"^sobel_y is not written yet$",
        },
    ),
    # Typical mistakes.
    "kernel-not-flipped": Expected(
        score=75,
        passes=(*IMAGE_TASKS, "pad2d", "output_size", "correlate2d", "gradient_magnitude"),
        outcomes={
            "test_worked_example_of_convolution": "failed",
            "test_a_digit_is_blurred": "passed",  # by a kernel that is its own mirror image
            "sobel_x": "skipped",
            "sobel_y": "skipped",
        },
        says={
            "test_a_single_bright_pixel_shows_the_kernel": r"[Tt]urn it by 180 degrees",
            "test_worked_example_of_convolution": r"worst: result\[.*This is the correlation",
            "test_sobel_x_sees_a_vertical_edge": r"sobel_x builds on convolve2d",
        },
    ),
    "reflect-repeats-the-edge": Expected(
        score=76,
        passes=("to_float", "to_uint8", "sobel_x", "sobel_y", "gradient_magnitude"),
        outcomes={
            "test_zeros_surround_the_image": "passed",
            "test_a_mirror_does_not_repeat_the_edge": "failed",
            "test_worked_example_of_convolution": "passed",
        },
        says={
            "test_a_mirror_does_not_repeat_the_edge": r"shows it twice: 2 1 1 2 3 4",
            "test_a_colour_image_is_not_grey": r"returned an array.*expected a ValueError",
            "test_a_kernel_that_does_not_fit_is_refused": r"returned the int 0, expected a Value",
        },
    ),
    "bytes-overflow": Expected(
        score=84,
        passes=("to_float", "pad2d", "output_size"),
        outcomes={
            "test_worked_example_of_correlation": "passed",
            "test_sobel_y_of_bytes": "skipped",
        },
        says={
            "test_bytes_are_rounded_to_the_nearest": r"so 254.745 becomes 254",
            "test_bytes_do_not_overflow": r"sums\[0, 0\] is 44, expected 300.*convert first",
        },
    ),
    "changes-its-arguments": Expected(
        score=75,
        passes=("to_float", "output_size", "correlate2d"),
        says={
            "test_the_coloured_original_stays_as_it_was": r"image was changed by the call",
            "test_the_floats_stay_as_they_were": r"image was changed by the call",
            "test_the_colour_image_is_a_new_array": r"returned a view.*three windows on the grey",
            "test_channels_come_last_in_a_new_array": r"returned a view.*Return a copy",
            "test_a_pad_of_0_leaves_that_axis_alone": r"pad2d returned a view",
            "test_worked_example_of_convolution": r"kernel was changed by the call",
        },
    ),
    "square-kernels-only": Expected(
        score=70,
        passes=("output_size", "sobel_x", "sobel_y", "gradient_magnitude"),
        outcomes={"test_worked_example_of_convolution": "passed"},
        says={
            "test_a_kernel_need_not_be_square": r"Rows and columns of the kernel have lengths of",
            "test_a_pad_of_0_leaves_that_axis_alone": r"pad2d raised ValueError: could not broad",
            "test_a_box_is_clipped_to_the_image": r"-1 is the last row",
            "test_a_colour_image_is_not_grey": r"raised AssertionError.*expected a ValueError",
        },
    ),
    "sobel-swapped": Expected(
        score=77,
        passes=("to_uint8", "draw_box", "pad2d", "correlate2d", "convolve2d", "convolve_image"),
        says={
            "test_black_becomes_0_and_white_becomes_1": r"the largest of them is 255",
            "test_the_pixels_of_one_colour_come_together": r"a reshape deals the numbers out",
            "test_sobel_x_sees_a_vertical_edge": r"This is Gy",
            "test_the_gradient_of_any_image": r"\|Gx\| \+ \|Gy\| is larger",
        },
    ),
    "wrong-shapes": Expected(
        score=2,
        says={
            "test_black_becomes_0_and_white_becomes_1": r"has shape \(6,\), expected \(2, 3\)",
            "test_each_channel_holds_the_grey_image": r"shape \(3, 2, 3\), expected.*come last",
            "test_a_kernel_has_fewer_positions_than_pixels": r"is the float 26.0, expected an int",
            "test_worked_example_of_correlation": r"has shape \(3, 1\), expected \(1, 3\)",
            "test_worked_example_of_convolution": r"has shape \(1, 3\), expected \(3, 5\)",
        },
    ),
    # What goes wrong before anything is computed.
    "endless-loop": Expected(
        score=11,
        passes=("output_size",),
        outcomes={"correlate2d": "timeout", "convolve2d": "skipped"},
        says={
            "test_worked_example_of_correlation": r"correlate2d was still running when its time",
            "test_worked_example_of_convolution": r"builds on pad2d and correlate2d",
        },
        notes=r"missing: images.py, edges.py",
    ),
    "memory-hog": Expected(
        score=18,
        passes=("to_float", "to_uint8", "to_channels_first", "to_channels_last"),
        outcomes={"gray_to_rgb": "failed"},
        says={"test_each_channel_holds_the_grey_image": r"MemoryError.*images.py, line 16"},
    ),
    "imports-not-allowed": Expected(
        score=0,
        says={
            "test_floats_become_bytes": r"images.py, line 1 imports matplotlib.*Allowed are numpy",
            "test_zeros_surround_the_image": r"padding.py, line 6 uses numpy.pad.*by hand",
            "test_sizes_in_well_known_networks": r"convolution.py, line 1 imports torch",
            "test_sobel_y_sees_a_horizontal_edge": r"edges.py, line 2 \w+ scipy",
        },
    ),
    "syntax-error": Expected(
        score=14,
        passes=("pad2d",),
        outcomes=dict.fromkeys(IMAGE_TASKS, "failed"),
        says={"test_floats_become_bytes": r"cannot be imported: SyntaxError.*images.py, line 9"},
    ),
    "missing-file": Expected(
        score=12,
        passes=("to_float", "to_channels_first", "to_channels_last"),
        says={
            "test_zeros_surround_the_image": r"padding.py is missing from the submission",
            "test_sizes_in_well_known_networks": r"convolution.py cannot be imported.*padding",
        },
        notes=r"missing: padding.py, edges.py",
    ),
    "not-utf-8": Expected(
        score=14,
        passes=("pad2d",),
        says={"test_a_digit_becomes_floats": r"images.py cannot be imported: SyntaxError.*utf-8"},
    ),
    "damaged": Expected(score=0, status="rejected", notes=r"damaged.zip: .*not a readable zip"),
    # Attacks. Each function of the first two answers correctly if its attack succeeds.
    "hostile-finds-no-answers": Expected(
        score=0, outcomes=dict.fromkeys(IMAGE_TASKS, "failed")
    ),
    "hostile-cannot-reach-out": Expected(
        score=0, outcomes=dict.fromkeys(IMAGE_TASKS, "failed")
    ),
    "hostile-cannot-skip-its-tests": Expected(
        score=0,
        outcomes={
            "to_float": "failed",
            "to_uint8": "failed",
            "gray_to_rgb": "crashed",
            "zero_channel": "failed",
            "draw_box": "failed",
            "to_channels_first": "crashed",
            "to_channels_last": "failed",
            "pad2d": "failed",
            "output_size": "crashed",
        },
        says={
            "test_floats_become_bytes": r"to_uint8 raised SystemExit: 0",
            "test_each_channel_holds_the_grey_image": r"ended the whole process \(exit status 0\)",
            "test_one_channel_is_switched_off": r"zero_channel raised KeyboardInterrupt",
            "test_the_pixels_of_one_colour_come_together": r"ended the whole process \(SIGKILL\)",
            "test_zeros_surround_the_image": r"padding.py cannot be imported: SystemExit",
        },
    ),
    "hostile-cannot-fake-equality": Expected(
        score=0,
        outcomes=dict.fromkeys(IMAGE_TASKS, "failed"),
        says={
            "test_a_digit_becomes_floats": r"digit is a Yes, expected an array",
            "test_floats_become_bytes": r"image is a YesArray, expected an array",
            "test_each_channel_holds_the_grey_image": r"an array of dtype object",
            "test_channels_that_do_not_exist_are_refused": r"contains NaN",
            "test_digits_keep_their_shape_when_channels_come_first": r"images was changed",
            "test_the_colours_of_one_pixel_come_together": r"a list of length",
        },
    ),
    "hostile-conftest-is-ignored": Expected(
        score=14, passes=("pad2d",), notes=r"ignored: conftest.py, numpy.py, sitecustomize.py"
    ),
}  # fmt: skip

# Without a full sandbox these may earn what they must not.
NEED_FULL_SANDBOX = {name for name in STUDENTS if name.startswith("hostile")}


@dataclass(frozen=True, kw_only=True)
class Graded:
    """What `grader grade` printed and wrote."""

    process: subprocess.CompletedProcess[str]
    out: Path
    children: list[int]  # processes that outlived the grader
    changed: bool  # whether the class's folder is another than before

    def result(self, student: str) -> dict[str, Any]:
        """Return the result file of a student, if the sandbox here is good enough for it."""
        result = json.loads((self.out / "results" / f"{student}.json").read_text("utf-8"))
        tier = json.loads((self.out / "results" / "perfect.json").read_text("utf-8"))
        tier = tier["environment"]["sandbox"]
        if student in NEED_FULL_SANDBOX and tier != "full":
            pytest.skip(f"the sandbox of this machine is {tier}, not full")
        return result


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Grade the class, once for all tests."""
    out = tmp_path_factory.mktemp("graded")
    before, others = fingerprint(CLASS), set(running_children())
    adopt_orphans(on=True)
    process = subprocess.run(
        [sys.executable, "-m", "grader", "grade", "a1_convolution", CLASS, "--out", out, "--json"],
        cwd=CLASS.parent.parent,
        env=os.environ | {"DELTAGRADE_SECRET": "which no submission may see"},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    children = surviving_children(others)
    adopt_orphans(on=False)
    changed = fingerprint(CLASS) != before
    return Graded(process=process, out=out, children=children, changed=changed)


def fingerprint(folder: Path) -> str:
    """Return what changes when a file below the folder does."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(f"{path} {path.stat().st_mode}".encode())
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def adopt_orphans(*, on: bool) -> None:
    """Become the parent of processes that outlive the grader, so that we see them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)


def surviving_children(others: set[int]) -> list[int]:
    """Return the processes that are still running a moment after their parent's end."""
    for _ in range(20):
        running = [child for child in running_children() if child not in others]
        if not running:
            break
        time.sleep(0.1)
    return running


def running_children() -> Iterator[int]:
    """Yield our children, apart from those that have only to be buried."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:  # it ended meanwhile
            continue
        if int(parent) == os.getpid() and state != "Z":
            yield int(stat.parent.name)


def entries() -> set[str]:
    """Return the names of the students in the class."""
    return {path.name.removesuffix(".zip").removesuffix(".tar.gz") for path in CLASS.iterdir()}


def test_every_entry_of_the_class_is_expected():
    """Each folder and archive has an expectation here, and each expectation an entry."""
    assert entries() == set(STUDENTS)


def test_the_archives_hold_what_is_written_down():
    """The archives are those that submission_archives.py makes."""
    for name, content in archives().items():
        found = (CLASS / name).read_bytes()
        same = found == content
        if name.endswith(".gz"):  # compressors differ
            same = gzip.decompress(found) == gzip.decompress(content)
        assert same, f"{name} is stale; run `python tests/submission_archives.py`"


def test_the_command_prints_one_object_and_nothing_else(graded):
    """Whatever submissions print, raise or end, the output is one line of JSON."""
    assert graded.process.returncode == 0, graded.process.stderr
    assert graded.process.stderr == ""
    report = json.loads(graded.process.stdout)
    assert report["graded"] == len(STUDENTS)
    scores = {entry["student"]: entry["score"] for entry in report["students"]}
    assert list(scores) == sorted(STUDENTS)


def test_the_table_of_grades_agrees_with_the_results(graded):
    """grades.csv has a line for each student, with the score of the result file."""
    with (graded.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(STUDENTS)
    for student, row in rows.items():
        result = json.loads((graded.out / "results" / f"{student}.json").read_text("utf-8"))
        assert float(row["score"]) == result["score"]
        assert row["status"] == result["status"]


@pytest.mark.parametrize("student", STUDENTS)
def test_each_student_gets_the_score_deserved(graded, student):
    """Status, score and full tasks are as expected, and nothing is broken."""
    expected = STUDENTS[student]
    result = graded.result(student)
    assert (result["status"], result["score"]) == (expected.status, expected.score)
    assert "broken" not in {test["outcome"] for test in result["tests"]}
    full = {task["task"] for task in result["tasks"] if task["score"] == task["points"]}
    assert full >= set(expected.passes)
    assert re.search(expected.notes, "; ".join(result["messages"]))


@pytest.mark.parametrize("student", [name for name in STUDENTS if STUDENTS[name].outcomes])
def test_each_test_has_the_outcome_deserved(graded, student):
    """What failed, ran out of time, crashed or had to wait is told apart."""
    tests = graded.result(student)["tests"]
    for name, outcome in STUDENTS[student].outcomes.items():
        found = {test["outcome"] for test in tests if name in (test["task"], short(test))}
        assert found == {outcome}, name


@pytest.mark.parametrize("student", [name for name in STUDENTS if STUDENTS[name].says])
def test_each_student_is_told_what_is_wrong(graded, student):
    """Feedback and hint of the telling tests name the mistake."""
    texts = {short(t): f"{t['feedback']}\n{t['hint']}" for t in graded.result(student)["tests"]}
    for name, pattern in STUDENTS[student].says.items():
        assert re.search(pattern, texts[name].strip(), re.DOTALL), texts[name]


def short(test: dict[str, Any]) -> str:
    """Return a test's function name."""
    return test["test"].partition("::")[2].partition("[")[0]


def test_an_endless_loop_costs_a_full_limit_only_once(graded):
    """After the first test that ran out of time, the others get less."""
    tests = [t for t in graded.result("endless-loop")["tests"] if t["task"] == "correlate2d"]
    first, *others = [test["seconds"] for test in tests]
    assert statistics.median(others) < first / 2  # a few may get a second, longer try


def test_no_text_of_a_submission_can_steer_a_terminal(graded):
    """Escape sequences that were printed are replaced, and workflow commands stay in a line."""
    result = graded.result("hostile-cannot-skip-its-tests")
    texts = [test["feedback"] for test in result["tests"]]
    assert any("96 passed in 0.01s" in text for text in texts)  # shown, and not believed
    assert not any("\x1b" in text for text in texts)
    assert not any(line.startswith("::") for text in texts for line in text.splitlines())


def test_nothing_is_left_behind(graded):
    """No file is left in the temporary folder, the class or among the results."""
    assert not Path(tempfile.gettempdir(), LEFT_BEHIND).exists()
    assert not graded.changed
    names = {path.name for path in graded.out.iterdir()} - {".lock"}
    assert {name for name in names if not name.startswith("gradebook")} == {
        "by-score.html", "feedback", "grades.csv", "index.html", "results",
    }  # fmt: skip
    results = {path.name for path in (graded.out / "results").iterdir()}
    assert results == {f"{student}.json" for student in STUDENTS}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives us the orphans")
def test_nothing_goes_on_running(graded):
    """When the grader is done, none of the processes it started is left."""
    assert graded.children == []
