"""The pytest plugin: the `task` marker, the fixtures of a test, and its points.

    @pytest.mark.task("convolve2d", points=3)
    def test_the_worked_example(student): ...

It is loaded by every pytest run of an environment in which the grader is
installed, so it imports nothing heavy until it meets a test with that marker.
"""

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from grader.errors import GraderError
from grader.results import Test, Visibility

if TYPE_CHECKING:
    from numpy.random import Generator as RandomGenerator

    from grader.course import Assignment
    from grader.data import Dataset
    from grader.examination import Examination
    from grader.student import LocalModules, Student

# The options of a run whose report is ours. What would only cost time is left out: plugins that
# happen to be installed, pytest's own report, and what no test here can cause.
PLUGINS = ["--disable-plugin-autoload", "-p", "grader.plugin"]
for _part in (
    "cacheprovider", "terminal", "logging", "warnings", "unraisableexception",
    "threadexception", "faulthandler", "doctest", "unittest", "junitxml", "stepwise",
):  # fmt: skip
    PLUGINS += ["-p", f"no:{_part}"]

TEST = pytest.StashKey[Test]()
FOLDER = pytest.StashKey[Path]()  # the assignment an item belongs to
RANK = pytest.StashKey[tuple[str, bool, int]]()  # an item's place: hidden or not, and its task's
ASSIGNMENTS = pytest.StashKey[dict[Path, "Assignment"]]()  # read once each, by folder
TESTS = pytest.StashKey[dict[Path, list[Test]]]()  # what was collected, by assignment
EXAMINATIONS = pytest.StashKey[dict[Path, "Examination"]]()
DATASET = pytest.StashKey[str]()  # the data set that tests get
CUDA = pytest.StashKey[bool]()  # whether the CUDA tier is demanded
NOT_RUN = pytest.StashKey[str]()  # why an item is not run
NOTE = pytest.StashKey[str]()  # why it is not the assignment's, if it is not


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers", "task(name, points): the task of an assignment that a test is worth points for"
    )
    config.addinivalue_line("markers", "cuda: a test that needs a GPU, and is worth no points")
    config.stash.setdefault(CUDA, False)
    config.stash[ASSIGNMENTS] = {}
    config.stash[TESTS] = {}
    config.stash[EXAMINATIONS] = {}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `-k pad2d` find the tests of a task."""
    for marker in item.iter_markers("task"):
        item.extra_keyword_matches.update(map(str, marker.args))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the markers of the tests that were collected and not deselected."""
    from grader.course import enclosing_assignment

    try:
        for item in items:
            if item.get_closest_marker("task") or item.get_closest_marker("cuda"):
                _describe(item)
            elif "student" in getattr(item, "fixturenames", ()) and enclosing_assignment(item.path):
                _demand_marker(item)
    except GraderError as error:
        raise pytest.UsageError(str(error)) from None
    _sort(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Start the test's clock, and look for what its task bans."""
    if NOT_RUN in item.stash:
        pytest.skip(item.stash[NOT_RUN])
    if TEST in item.stash:
        _examination(item).begin(item.stash[TEST])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Stop a test that runs out of time."""
    if TEST not in item.stash:
        return (yield)
    with _examination(item).student.interrupted():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge each phase of a test."""
    report = yield
    if NOT_RUN in item.stash:
        _examination(item).record_not_run(item.stash[TEST], item.stash[NOT_RUN])
    elif TEST in item.stash:
        error = call.excinfo.value if call.excinfo else None
        _examination(item).record(item.stash[TEST], report, error)
    return report


def pytest_enter_pdb() -> None:
    """Stop the clock: whoever is debugging has time."""
    from grader.alarm import stop_alarm

    stop_alarm()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the points of each assignment below pytest's own report."""
    for examination in terminalreporter.config.stash[EXAMINATIONS].values():
        from grader.reports.terminal import points_table

        terminalreporter.section(examination.assignment.id)
        terminalreporter.write_line(points_table(examination.results()))
        if note := terminalreporter.config.stash.get(NOTE, ""):
            terminalreporter.write_line(f"\n{note}", yellow=True)


def write_no_tracebacks(config: pytest.Config) -> None:
    """Spare a run whose report is ours the tracebacks that pytest would format.

    They cost more than the tests themselves.
    """
    config.option.tbstyle = "no"


@pytest.fixture
def student(request: pytest.FixtureRequest) -> "Student":
    """Give the submission: `student.convolution.convolve2d(...)`."""
    return _student(request.node)


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> "LocalModules":
    """Give the reference solution, for hidden tests: `reference.convolution.convolve2d(...)`."""
    return _reference(request.node)


@pytest.fixture
def dataset(request: pytest.FixtureRequest) -> "Dataset":
    """Give the images and labels that the assignment asks for."""
    return _dataset(request.node)


@pytest.fixture
def tiers(request: pytest.FixtureRequest) -> Mapping[float, float]:
    """Give the accuracies that earn a share of this test's points, for `assert_accuracy`."""
    return _tiers(request.node)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> "RandomGenerator":
    """Give a numpy random generator, seeded anew for each test."""
    return _rng(request.node)


def _student(item: pytest.Item) -> "Student":
    return _examination(item).student


def _reference(item: pytest.Item) -> "LocalModules":
    solved = _examination(item).reference
    if solved is None:
        raise GraderError("only hidden tests have a reference")
    return solved


def _dataset(item: pytest.Item) -> "Dataset":
    from grader import data

    stash = item.config.stash
    if DATASET not in stash:  # a student's own run; a grade has said which
        wanted = _examination(item).assignment.dataset
        stash[DATASET], stash[NOTE] = data.choose_locally(wanted)
    return data.load(stash[DATASET])


def _tiers(item: pytest.Item) -> Mapping[float, float]:
    function = item.originalname if isinstance(item, pytest.Function) else item.name
    return _examination(item).assignment.shares(function, _dataset(item).name)


def _rng(item: pytest.Item) -> "RandomGenerator":
    import numpy as np

    return np.random.default_rng(_examination(item).seed(item.stash[TEST]))


# What the fixtures of a test give, for who calls it without pytest.
GIVEN: Mapping[str, Callable[[pytest.Item], object]] = {
    "student": _student,
    "reference": _reference,
    "dataset": _dataset,
    "tiers": _tiers,
    "rng": _rng,
}


def _sort(items: list[pytest.Item]) -> None:
    """Run the public tests before the hidden ones, each in the order of the assignment's tasks.

    A late task that never ends costs an early one no time. And a submission that
    remembers what a hidden test asked has no public test left to tell it in: what
    a public test says, students read. Tests without a task stay where they are.
    """
    places = [place for place, item in enumerate(items) if TEST in item.stash]
    marked = sorted((items[place] for place in places), key=lambda item: item.stash[RANK])
    for place, item in zip(places, marked, strict=True):
        items[place] = item


def _describe(item: pytest.Item) -> None:
    from grader.course import enclosing_assignment, read_assignment
    from grader.cuda import CUDA_TIER, why_not_run
    from grader.markers import describe_test

    assignments = item.config.stash[ASSIGNMENTS]

    folder = enclosing_assignment(item.path)
    if folder is None:
        raise GraderError(f"{item.path} is in no assignment: no assignment.toml beside or above it")
    item.stash[FOLDER] = folder
    if folder not in assignments:
        assignments[folder] = read_assignment(folder)
    assignment = assignments[folder]
    test = describe_test(item, assignment)
    rank = assignment.task_order.index(test.task)
    item.stash[RANK] = str(folder), test.visibility is Visibility.HIDDEN, rank
    if test.task == CUDA_TIER and (reason := why_not_run(demanded=item.config.stash[CUDA])):
        item.stash[NOT_RUN] = reason
    others = item.config.stash[TESTS].setdefault(folder, [])
    if any(other.test == test.test for other in others):
        raise GraderError(f"two tests are called {test.test}; rename one, or its file")
    others.append(test)
    item.stash[TEST] = test


def _demand_marker(item: pytest.Item) -> NoReturn:
    raise GraderError(f'{item.nodeid} needs a marker @pytest.mark.task("…", points=…)')


def _examination(item: pytest.Item) -> "Examination":
    """Return the item's examination; the first item of an assignment opens a local one."""
    if FOLDER not in item.stash:
        _demand_marker(item)
    folder = item.stash[FOLDER]
    examinations = item.config.stash[EXAMINATIONS]
    if folder not in examinations:
        assignment = item.config.stash[ASSIGNMENTS][folder]
        examinations[folder] = open_locally(assignment, item.config.stash[TESTS][folder])
    return examinations[folder]


def open_locally(
    assignment: "Assignment", tests: list[Test], sources: Mapping[str, bytes] | None = None
) -> "Examination":
    """Examine in this process: what `sources` hold, or else the files in the folder.

    What the assignment provides is always the folder's.
    """
    from grader.examination import Examination
    from grader.misconceptions import Misconceptions
    from grader.student import LocalModules, own_files

    folder = assignment.folder
    handed_in = own_files(folder, assignment.files) if sources is None else sources
    everything = {**handed_in, **own_files(folder, assignment.provided)}
    student = LocalModules(folder, everything)
    # An author tries the hidden tests in the reference's own folder.
    known = Misconceptions.read(folder)
    return Examination(assignment, student, tests, reference=student, known=known, pictures=True)
