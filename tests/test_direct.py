"""A test that is called without pytest comes to what pytest would make of it."""

from dataclasses import replace

import pytest

from grader import direct
from grader.course import read_assignment
from grader.session import Session

# Three kinds of tests: what can be called directly, in its name; and what cannot.
TESTS = '''
import pytest

from grader.checks import assert_allclose, assert_raises

pytestmark = pytest.mark.task("square", points=1)


def test_direct_right(student):
    """A right answer."""
    assert_allclose(student.lengths.square(3), 9, name="square")


@pytest.mark.parametrize("x", [1, 2])
@pytest.mark.parametrize(("y", "z"), [(1, 2)])
def test_direct_parameters(student, rng, dataset, x, y, z):
    """Parameters, and what we give."""
    assert_allclose(x + float(rng.random()), 0.0, name=f"{x} {y} {z} {dataset.name}")


def test_direct_plain_assert(student):
    """A plain assert, with the words that pytest finds for it."""
    assert [student.lengths.square(2), "a" * 500] == [5, "b" * 500]


def test_direct_skips(student):
    """To skip earns nothing."""
    pytest.skip("no")


def test_direct_fails(student):
    """To fail neither."""
    pytest.fail("so it is")


def test_direct_exits(student):
    """An end of the test is not an end of the examination."""
    raise SystemExit(0)


def test_direct_unknown_function(student):
    """A function that is not there."""
    student.lengths.cube(3)


class TestOfAClass:
    def test_direct_method(self, student):
        """A method."""
        assert_raises(ValueError, student.lengths.square, 1, name="square(1)")


@pytest.mark.xfail
def test_marked(student):
    """What is expected to fail."""
    assert student is None


@pytest.fixture
def own():
    yield 16
    # torn down by pytest alone


def test_own_fixture(student, own, tmp_path):
    """Fixtures of the author."""
    assert_allclose(student.lengths.square(4), own, name="square")


@pytest.mark.parametrize("own", [1], indirect=True)
def test_indirect(student, own):
    """A parameter of a fixture."""
    assert own == 16


def test_request(student, request):
    """Who asks for everything."""
    assert request.node.name == "test_request"
'''
AROUND = {
    "a hook": "def pytest_runtest_setup(item):\n    pass\n",
    "an autouse fixture": (
        "import pytest\n\n@pytest.fixture(autouse=True)\ndef around():\n    yield\n"
    ),
    "an overridden fixture": (
        "import pytest\n\n@pytest.fixture\ndef student(student):\n    return student\n"
    ),
}  # fmt: skip


@pytest.fixture
def outcomes(write_tiny, tmp_path):
    """Give `outcomes(conftest)`: what the tests come to, but for their time."""

    def run(conftest):
        changes = {"hidden_tests/test_kinds.py": TESTS, "hidden_tests/conftest.py": conftest}
        folder = write_tiny(tmp_path / f"tiny{len(list(tmp_path.iterdir()))}", changes)
        assignment = read_assignment(folder)
        solved = {name: (folder / name).read_bytes() for name in assignment.files}
        with Session(assignment, tests=("hidden_tests",), dataset="digits") as session:
            return [replace(result, seconds=0.0) for result in session.examine(solved, seed=1)]

    return run


@pytest.mark.parametrize("around", AROUND)
def test_the_result_is_the_same(outcomes, around):
    """With anything around the tests that only pytest knows, pytest runs them."""
    directly, by_pytest = outcomes("# nothing"), outcomes(AROUND[around])
    assert directly == by_pytest
    assert len({result.outcome for result in directly}) > 1


@pytest.mark.parametrize("around", [None, *AROUND])
def test_what_only_pytest_can_run_is_left_to_it(write_tiny, tmp_path, around, monkeypatch):
    """Fixtures, markers and hooks of the author decide."""
    conftest = AROUND.get(around, "")
    folder = write_tiny(
        tmp_path / "tiny", {"tests/test_kinds.py": TESTS, "tests/conftest.py": conftest}
    )
    found = {}

    class Look:
        def pytest_collection_finish(self, session):
            found.update({item.name: direct.is_direct(item) for item in session.items})

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    options = ["-c", "/dev/null", "--import-mode=importlib", "--collect-only", "-q"]
    pytest.main(
        [*options, "-p", "grader.plugin", str(folder / "tests" / "test_kinds.py")], plugins=[Look()]
    )
    ours = {name for name in found if name.startswith("test_direct_")}
    assert len(ours) == 9
    assert {name for name, directly in found.items() if directly} == (set() if around else ours)
