"""The ten tests as each grader wants them written; the functions themselves are the same."""

from typing import Final

from benchmarks.peers.description import Exam

_STUDENT: Final = '''
@pytest.fixture
def student():
    """Give what the student wrote."""
    return SimpleNamespace(layers=layers)
'''

_STUDENTS: Final = '''
SUBMISSIONS = sorted(Path("class").resolve().glob("*/layers.py"), key=str)


@pytest.fixture(scope="module", params=SUBMISSIONS, ids=lambda path: path.parent.name)
def student(request):
    """Give what each student wrote, one student after the other."""
    name = f"layers_of_{request.param_index}"
    spec = importlib.util.spec_from_file_location(name, request.param)
    layers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(layers)
    return SimpleNamespace(layers=layers)
'''


def functions(exam: Exam) -> str:
    """Return the ten functions."""
    return "".join(f"\n\n{test.source}" for test in exam.tests)


def pytest_tests(exam: Exam) -> str:
    """Return tests for pytest, beside one submission."""
    imports = "from types import SimpleNamespace\n\nimport layers\nimport pytest\n"
    return f"{imports}{exam.opening}\n{_STUDENT}{functions(exam)}"


def class_tests(exam: Exam) -> str:
    """Return tests for pytest, of all submissions in the folder `class`."""
    imports = (
        "import importlib.util\nfrom pathlib import Path\nfrom types import SimpleNamespace\n\n"
        "import pytest\n"
    )
    return f"{imports}{exam.opening}\n{_STUDENTS}{functions(exam)}"


def gradescope(exam: Exam) -> str:
    """Return `run_tests.py` for gradescope-utils."""
    methods = "".join(
        f"""
    @weight({exam.points})
    def {test.name}(self):
        \"\"\"{test.title}\"\"\"
        {test.name}(STUDENT)
"""
        for test in exam.tests
    )
    return f"""import unittest
from types import SimpleNamespace

import layers
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
{exam.opening}
STUDENT = SimpleNamespace(layers=layers)
{functions(exam)}

class Layers(unittest.TestCase):
{methods.removeprefix(chr(10))}

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Layers)
    with open("results.json", "w") as results:
        JSONTestRunner(stream=results, visibility="visible").run(suite)
"""


def otter(exam: Exam) -> str:
    """Return a test file of otter's, in which each test is a case."""
    cases = "".join(
        f"""

@test_case(name="{test.name}", points={exam.points})
def case_{test.name}(env):
    {test.name}(SimpleNamespace(layers=SimpleNamespace(**env)))
"""
        for test in exam.tests
    )
    return f"""from types import SimpleNamespace

from otter.test_files import test_case
{exam.opening}
OK_FORMAT = False

name = "layers"
points = None
{functions(exam)}{cases}"""
