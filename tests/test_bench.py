"""The benchmark of other graders: the same class for all, the same scores, and its arithmetic."""

import ast
import json
from dataclasses import replace

import pytest

from benchmarks import overhead
from benchmarks.peers import written
from benchmarks.peers.__main__ import all_peers, main
from benchmarks.peers.description import LOOPS, Exam, Kind, numpy_exam, torch_exam
from benchmarks.peers.notebooks import ANSWER, fill_in, instructors_notebook
from benchmarks.peers.ours import our_tests
from benchmarks.peers.running import Measured, Peer, Run, command, disagreements, measure
from benchmarks.peers.table import loop_remark, ratio, table, to_json, wall

PEERS = {peer.name: peer for peer in all_peers(2)}
FORMS = [written.pytest_tests, written.class_tests, written.gradescope, written.otter, our_tests]


@pytest.fixture(params=[numpy_exam, torch_exam], ids=["numpy", "torch"])
def exam(request: pytest.FixtureRequest) -> Exam:
    """Give each assignment."""
    return request.param()


def timed(name: str, seconds: list[float], *, students: int = 10, score: float = 100.0) -> Measured:
    """Return what a peer would have come to, had it taken so long for each class."""
    runs = [Run(seconds=s, processor=2 * s, scores={"ada": score}, remark="") for s in seconds]
    return Measured(peer=PEERS[name], students=students, rounds=runs)


def test_an_assignment_has_ten_tests_and_every_kind_of_submission(exam):
    """The first six students are one of each kind; a loop comes on top."""
    assert len(exam.tests) == 10
    students = exam.hand_in(8)
    assert [name[5:] for name in students] == [*exam.kinds, *list(exam.kinds)[:2]]
    assert {s.score for s in students.values()} >= {100.0, 90.0, 0.0}
    sources = [submission.source for submission in students.values()]
    assert len(set(sources)) == 8  # nobody can be graded for another
    assert exam.hand_in(2, endless=True)[LOOPS].source.count("while True") == 1


def test_a_mistake_that_is_in_no_answer_is_a_defect_of_the_description():
    """Otherwise a right submission would count as a wrong one."""
    with pytest.raises(ValueError, match="must hold 'nowhere' exactly once"):
        replace(numpy_exam(), kinds={"odd": Kind(edits=[("nowhere", "")], fails=())}).hand_in(1)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_holds_the_same_functions(exam, form):
    """Whatever stands around them, the ten functions are the same to the letter."""
    text = form(exam)
    ast.parse(text)
    assert all(test.source in text for test in exam.tests)


def test_the_notebook_holds_the_same_lines(exam):
    """A cell for each test, with ten points, in which the functions have their own names."""
    cells = {c["metadata"]["nbgrader"]["grade_id"]: c for c in instructors_notebook(exam)["cells"]}
    for test in exam.tests:
        lines = test.source.replace("student.layers.", "").splitlines()[2:]
        assert [line.strip() for line in cells[test.name]["source"].splitlines()] == [
            line.strip() for line in lines
        ]
        assert cells[test.name]["metadata"]["nbgrader"]["points"] == 10
    filled = json.loads(fill_in(json.dumps(instructors_notebook(exam)), "mine = 1"))
    assert [c["source"] for c in filled["cells"] if c["id"] == ANSWER] == ["mine = 1"]


def test_graders_of_one_class_come_to_the_same_scores(tmp_path):
    """Ours and pytest, each as a user would start it."""
    exam = numpy_exam()
    peers = [PEERS["ours"], PEERS["pytest"]]
    wrong = {name: exam.kinds[name] for name in ("kernel-not-turned", "overflows")}

    found = measure(
        replace(exam, kinds=wrong), peers, tmp_path,
        students=2, rounds=1, loop=False, progress=lambda _: None,
    )  # fmt: skip

    for measured in found:
        assert measured.rounds[0].scores == {"s000-kernel-not-turned": 80, "s001-overflows": 90}
        assert measured.rounds[0].processor > 0
    assert "sandbox" in found[0].rounds[0].remark


def test_a_wrong_score_is_told():
    """By name, with what it must be; but nobody is asked about the endless loop."""
    exam = numpy_exam()
    student = "s000-right"
    right = Run(seconds=1, processor=1, scores={student: 100.0}, remark="")
    wrong = Run(seconds=1, processor=1, scores={student: 90.0}, remark="")
    stopped = Run(seconds=1, processor=1, scores={student: None, LOOPS: None}, remark="")
    measured = Measured(peer=PEERS["pytest"], students=1, rounds=[right, wrong], loop=stopped)
    assert list(disagreements(exam, measured)) == [
        "pytest, a fresh process gives s000-right 90.0, and must give 100.0"
    ]
    assert list(disagreements(exam, replace(measured, rounds=[stopped], loop=None)))


def test_ratios_are_taken_round_by_round():
    """A slow moment of the machine disturbs both, and not their ratio; sizes may differ."""
    ours = timed("ours", [1.0, 2.0, 1.0])
    theirs = timed("otter", [6.0, 12.0, 7.2], students=6)
    assert wall(ours).median == pytest.approx(0.1)
    found = ratio(theirs, ours)
    assert (found.median, found.least, found.most) == pytest.approx((10, 10, 12))


def test_the_table_says_what_was_measured_on_fewer_and_what_is_missing():
    """Nothing is estimated, and nothing is left out without a word."""
    ours, few = timed("ours", [1.0]), timed("otter", [6.0], students=6)
    absent = Measured(peer=PEERS["nbgrader"], students=10, missing="nbgrader")
    rows = table([ours, few, absent], students=10).splitlines()
    assert [cell.strip() for cell in rows[2].split("  ") if cell] == [
        "otter run", "1", "1000 (1000–1000)", "10 (10–10)", "2000", "of 6",
    ]  # fmt: skip
    assert rows[3].split() == ["nbgrader", "autograde", "not", "installed", "(nbgrader)"]
    everything = to_json(numpy_exam(), [ours, few, absent], students=10, jobs=2, complaints=[])
    assert [peer.get("times_ours", {}).get("median") for peer in everything["peers"]] == [
        1, pytest.approx(10), None,
    ]  # fmt: skip


def test_the_table_says_what_an_endless_loop_cost():
    """In seconds more than the class without it, and in points."""
    measured = timed("xdist", [2.0, 3.0, 4.0])
    for scores, told in (
        ({"ada": 100.0, LOOPS: 70.0}, "loop: 7.0 s more, 70 points"),
        ({"ada": 100.0, LOOPS: None}, "loop: 7.0 s more, stopped from outside, no points for it"),
        (
            {"ada": None, LOOPS: None},
            "loop: 7.0 s more, stopped from outside, no points for anybody",
        ),
    ):
        measured.loop = Run(seconds=10.0, processor=1.0, scores=scores, remark="")
        assert loop_remark(measured) == told


def test_what_does_not_end_is_stopped_and_what_fails_is_shown(tmp_path):
    """A peer that cannot stop a loop is stopped by us; one that breaks ends the benchmark."""
    assert command("-c", "while True: pass", folder=tmp_path, seconds=0.5) is None
    with pytest.raises(SystemExit, match=r"ended with 3:\nno licence"):
        command("-c", "print('no licence'); raise SystemExit(3)", folder=tmp_path)


def test_a_peer_that_is_not_installed_is_reported(tmp_path):
    """It is never skipped without a word."""
    odd: Peer = replace(PEERS["pytest"], modules=("no_such_grader",))
    (found,) = measure(
        numpy_exam(), [odd], tmp_path, students=1, rounds=1, loop=True, progress=lambda _: None
    )
    assert (found.missing, found.rounds, found.loop) == ("no_such_grader", [], None)


def test_an_unknown_peer_is_refused():
    """With the names that there are."""
    with pytest.raises(SystemExit, match=r"no peer 'otters'; there are ours, .*otter, "):
        main(["--peers", "otters"])


def test_the_parts_of_a_grade_add_up():
    """The ladder ends with the assignment itself, and the bodies are no overhead."""
    exam = numpy_exam()
    calls = overhead.count_calls(exam)
    assert calls["test_the_gradient_agrees_with_central_differences"] == 201
    rungs = overhead.ladder(exam, calls)
    assert rungs[-1].exam is exam
    assert f"{calls.total() - 1} calls more" in rungs[-2].part
    costs = [[1.0, 2.0, 9.0], [3.0], [4.0], [6.0], [7.0], [20.0, 21.0, 30.0]]

    parts = overhead.add_up(rungs, costs, bodies=[5.0])

    assert [part.seconds for part in parts] == [2, 1, 1, 2, 1, 9, 5]
    assert sum(part.seconds for part in parts) == parts[-1].so_far == 21
    assert "beyond the bare bodies: 16000.0 ms" in overhead.show(parts, 1.0, 10)
