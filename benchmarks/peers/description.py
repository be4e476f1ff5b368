"""The one description of the assignment and of the class, from which every peer's is written.

The tests are plain functions of `student`, in `numpy_tests.py` and `torch_tests.py`. No
peer gets another text: what differs is only what its own form demands around it.
"""

import ast
import itertools
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
POINTS: Final = 100  # of an assignment, shared equally by its tests
LOOPS: Final = "loops-for-ever"  # the student who never comes to an end
CALLED: Final = "student.layers."  # how the tests name what a student wrote

_ENDLESS: Final = "    while True:\n        pass\n"

Edit = tuple[str, str]  # a piece of the right answers, and what stands there instead


@dataclass(frozen=True, kw_only=True)
class Example:
    """One test."""

    name: str
    task: str  # the function that it is about
    title: str
    source: str  # the whole function
    body: str  # without its `def` and docstring, at the margin


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of submission."""

    edits: Sequence[Edit] | None  # None: nothing is written yet
    fails: Sequence[str]  # the tests that it must fail


@dataclass(frozen=True, kw_only=True)
class Exam:
    """An assignment of ten tests, and what students make of it."""

    name: str
    packages: tuple[str, ...]
    test_seconds: float  # the time limit of each test, for graders that have one
    memory_mb: int
    answers: str  # layers.py, solved
    opening: str  # the imports and constants of the tests
    tests: tuple[Example, ...]
    kinds: Mapping[str, Kind]
    endless: Kind

    @property
    def points(self) -> float:
        """The points of each test."""
        return POINTS / len(self.tests)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The functions and classes that students write, in the order of their tests."""
        return tuple(dict.fromkeys(test.task for test in self.tests))

    def hand_in(self, count: int, *, endless: bool = False) -> dict[str, "Submission"]:
        """Return a class of `count`, of each kind in turn; and one more, who loops for ever."""
        kinds = itertools.islice(itertools.cycle(self.kinds.items()), count)
        students = {f"s{number:03}-{kind}": each for number, (kind, each) in enumerate(kinds)}
        if endless:
            students[LOOPS] = self.endless
        return {name: self._submission(name, kind) for name, kind in students.items()}

    def _submission(self, student: str, kind: Kind) -> "Submission":
        # No two are the same text, so that nobody can grade one for the other.
        source = f"# handed in by {student}\n{self._written(kind)}"
        return Submission(source=source, score=self.points * (len(self.tests) - len(kind.fails)))

    def _written(self, kind: Kind) -> str:
        if kind.edits is None:
            return "\n\n".join(
                f"def {name}(*args):\n    raise NotImplementedError({name!r})\n"
                for name in self.tasks
            )
        text = self.answers
        for old, new in kind.edits:
            if text.count(old) != 1:
                raise ValueError(f"{self.name}_layers.py must hold {old!r} exactly once")
            text = text.replace(old, new)
        return text


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one student hands in, and what every grader must say of it."""

    source: str
    score: float


def copies(source: str, count: int) -> dict[str, Submission]:
    """Return a class of `count` who hand in the same right answer, no two as the same text."""
    return {
        f"s{number:05}": Submission(source=f"# handed in by {number}\n{source}", score=100.0)
        for number in range(count)
    }


def numpy_exam() -> Exam:
    """Return the one about padding, convolution by loops, softmax and a gradient."""
    answers, opening, tests = _read("numpy")
    about = {test.task: [t.name for t in tests if t.task == test.task] for test in tests}
    return Exam(
        name="numpy", packages=("numpy",), test_seconds=5, memory_mb=1024,
        answers=answers, opening=opening, tests=tests,
        kinds={
            "right": Kind(edits=(), fails=()),
            "pads-with-1": Kind(
                edits=[("padded = np.zeros((H + 2", "padded = np.ones((H + 2")],
                fails=about["pad2d"],
            ),
            "kernel-not-turned": Kind(
                edits=[("    kernel = kernel[::-1, ::-1]\n", "")],
                fails=["test_the_kernel_is_turned", "test_a_digit_is_convolved"],
            ),
            "overflows": Kind(
                edits=[("np.exp(logits - logits.max(axis=1, keepdims=True))", "np.exp(logits)")],
                fails=["test_large_scores_do_not_overflow"],
            ),
            "sums-the-loss": Kind(
                edits=[("labels].mean())", "labels].sum())")],
                fails=[*about["cross_entropy"], *about["d_cross_entropy"]],
            ),
            "empty": Kind(edits=None, fails=[test.name for test in tests]),
        },
        endless=Kind(
            edits=[("    kernel = kernel[::-1, ::-1]\n", _ENDLESS)], fails=about["convolve2d"]
        ),
    )  # fmt: skip


def torch_exam() -> Exam:
    """Return the one about tensors, autograd and a small module, without training."""
    answers, opening, tests = _read("torch")
    about = {test.task: [t.name for t in tests if t.task == test.task] for test in tests}
    return Exam(
        name="torch", packages=("numpy", "torch"), test_seconds=15, memory_mb=4096,
        answers=answers, opening=opening, tests=tests,
        kinds={
            "right": Kind(edits=(), fails=()),
            "divides-by-0": Kind(
                edits=[(" + 1e-8).sqrt()", ").sqrt()")], fails=["test_a_constant_row_becomes_0"]
            ),
            "overflows": Kind(
                edits=[("(logits - logits.amax(dim=1, keepdim=True)).exp()", "logits.exp()")],
                fails=["test_large_scores_do_not_overflow"],
            ),
            "sums-the-loss": Kind(edits=[(".sum(dim=1).mean()", ".sum()")],
                                  fails=about["cross_entropy"]),
            "no-activation": Kind(
                edits=[("self.first(x).relu()", "self.first(x)")],
                fails=["test_the_network_is_not_linear"],
            ),
            "empty": Kind(edits=None, fails=[test.name for test in tests]),
        },
        endless=Kind(
            edits=[("    centred = x - x.mean(dim=1, keepdim=True)\n", _ENDLESS)],
            fails=about["standardise"],
        ),
    )  # fmt: skip


def _read(name: str) -> tuple[str, str, tuple[Example, ...]]:
    """Return the answers, what the tests' file opens with, and the tests."""
    text = (HERE / f"{name}_tests.py").read_text("utf-8")
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    after, before = tree.body[0].end_lineno or 0, functions[0].lineno - 1
    opening = "\n".join(text.splitlines()[after:before]).strip() + "\n"
    answers = (HERE / f"{name}_layers.py").read_text("utf-8")
    return answers, opening, tuple(_examples(functions, text))


def _examples(functions: Sequence[ast.FunctionDef], text: str) -> Iterator[Example]:
    lines = text.splitlines()
    for node in functions:
        body = lines[node.body[1].lineno - 1 : node.end_lineno]
        calls = [
            inner
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute) and f"{ast.unparse(inner.value)}." == CALLED
        ]
        yield Example(
            name=node.name,
            # The last that it calls: the gradient's test calls the loss first.
            task=max(calls, key=lambda call: call.lineno).attr,
            title=(ast.get_docstring(node) or "").splitlines()[0],
            source="\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n",
            body=textwrap.dedent("\n".join(body)) + "\n",
        )
