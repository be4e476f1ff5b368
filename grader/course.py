"""Find the course and its assignments; read an assignment's description.

A course is a folder with `reference/` (what a person edits) and `assignments/`
(what students receive). An assignment is a folder with an `assignment.toml`.
The description is read strictly: a misspelt key or a wrong type is an error
here, where the author sees it, and not a surprise on the day of grading.
"""

import graphlib
import hashlib
import keyword
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.cuda import CUDA_TIER
from grader.errors import GraderError
from grader.feedback import Feedback, read_feedback
from grader.late import LatePolicy, read_late
from grader.tables import Table, read_table, suggest
from grader.tiers import AccuracyTier, read_tiers, shares

DESCRIPTION = "assignment.toml"
LESSONS = ("figures.py", "notebook.py")  # they draw and explain; no test uses them
_SHELVES = ("reference", "assignments")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_UNDECIDING = re.compile(rb"^\[(?:feedback|late)\](?:[^\n]*\n(?!\[))*[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One function or class that a student writes."""

    name: str
    file: str
    points: float
    requires: tuple[str, ...]  # tasks without which this one cannot work
    banned: tuple[str, ...]  # dotted names that the task's file must not use


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may use."""

    test_seconds: float
    submission_seconds: float
    memory_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An assignment as its `assignment.toml` describes it."""

    id: str
    title: str
    dataset: str
    packages: tuple[str, ...]  # what a submission may import besides the standard library
    limits: Limits
    tasks: tuple[Task, ...]
    folder: Path
    extra_files: tuple[str, ...] = ()  # handed in as well, though no task lies in them
    provided: tuple[str, ...] = ()  # ours, beside the submission: what tests need in its process
    tiers: tuple[AccuracyTier, ...] = ()
    feedback: Feedback = field(default_factory=Feedback)  # of hidden tests, to students
    late: LatePolicy | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files a student hands in, each once, in the order of the description."""
        return tuple(dict.fromkeys([*(task.file for task in self.tasks), *self.extra_files]))

    @property
    def modules(self) -> tuple[str, ...]:
        """All files that run together: what is handed in, and what is provided."""
        return self.files + self.provided

    @property
    def tasks_by_file(self) -> dict[str, tuple[str, ...]]:
        """The names of each file's tasks, in the order of the description."""
        return {
            file: tuple(task.name for task in self.tasks if task.file == file)
            for file in self.files
        }

    @property
    def task_order(self) -> tuple[str, ...]:
        """What tests belong to, in the order in which they are run and shown."""
        return (*(task.name for task in self.tasks), CUDA_TIER)

    @property
    def unbanned_files(self) -> tuple[str, ...]:
        """The files of which no task bans anything."""
        banning = {task.file for task in self.tasks if task.banned}
        return tuple(file for file in self.files if file not in banning)

    def task(self, name: str) -> Task:
        """Return the task of that name; the CUDA tier builds on all of them."""
        if name == CUDA_TIER:
            everything = tuple(task.name for task in self.tasks)
            return Task(name=name, file="", points=0.0, requires=everything, banned=())
        names = [task.name for task in self.tasks]
        if name not in names:
            raise GraderError(f"{self.id} has no task {name!r}{suggest(name, names)}")
        return self.tasks[names.index(name)]

    def shares(self, test: str, dataset: str) -> dict[float, float]:
        """Return the share of a test function's points for each accuracy on a data set."""
        return shares(self.tiers, test, dataset, str(self.folder / DESCRIPTION))


def read_assignment(folder: Path) -> Assignment:
    """Read `folder/assignment.toml`, strictly."""
    path = folder / DESCRIPTION
    table = read_table(path)
    limits = table.table("limits")
    assignment = Assignment(
        id=table.text("id"),
        title=table.text("title"),
        dataset=table.text("dataset"),
        packages=table.texts("packages"),
        limits=Limits(
            test_seconds=limits.positive("test_seconds"),
            submission_seconds=limits.positive("submission_seconds"),
            memory_mb=limits.integer("memory_mb"),
        ),
        tasks=tuple(_read_task(task) for task in table.tables("task")),
        extra_files=table.texts("files", ()),
        provided=table.texts("provided", ()),
        tiers=read_tiers(table.tables("tier", optional=True), str(path)),
        feedback=read_feedback(table.optional_table("feedback"), str(path)),
        late=read_late(table.optional_table("late"), str(path)),
        folder=folder,
    )
    limits.close()
    table.close()
    _check(assignment, path)
    return assignment


def _read_task(table: Table) -> Task:
    task = Task(
        name=table.text("name"),
        file=table.text("file"),
        points=table.number("points"),
        requires=table.texts("requires", ()),
        banned=table.texts("banned", ()),
    )
    table.close()
    return task


def _check(assignment: Assignment, path: Path) -> None:
    """Refuse a description whose parts do not fit together."""
    if not _ID.fullmatch(assignment.id):
        raise GraderError(f"{path}: id {assignment.id!r} must be letters, digits, '_' and '-'")
    names = [task.name for task in assignment.tasks]
    for name, count in Counter(names).items():
        if count > 1:
            raise GraderError(f"{path}: task {name!r} is described twice; remove one")
        if not name.isidentifier():
            raise GraderError(f"{path}: task {name!r} must be the name of a function or class")
    for task in assignment.tasks:
        for required in task.requires:
            if required not in names:
                raise GraderError(
                    f"{path}: task {task.name!r} requires an unknown task {required!r}"
                    f"{suggest(required, names) or '; describe it, or remove it from requires'}"
                )
    _check_files(assignment, path)
    try:
        graphlib.TopologicalSorter({t.name: t.requires for t in assignment.tasks}).prepare()
    except graphlib.CycleError as error:
        circle = " → ".join(error.args[1])
        raise GraderError(
            f"{path}: tasks require each other ({circle}); break the circle"
        ) from None


def _check_files(assignment: Assignment, path: Path) -> None:
    # A student's random.py or numpy.py would be imported in place of the real one.
    taken = sys.stdlib_module_names | set(assignment.packages)
    seen: dict[str, str] = {}
    for file in assignment.provided:
        if not (assignment.folder / file).is_file():
            raise GraderError(f"{path}: there is no {file!r}; write it, or take it out of provided")
        if file in assignment.files:
            raise GraderError(f"{path}: {file!r} is handed in, so it cannot be provided as well")
    for file in assignment.modules:
        stem = file.removesuffix(".py")
        if not (file.endswith(".py") and stem.isascii() and stem.isidentifier()):
            raise GraderError(f"{path}: file {file!r} must be a bare name such as 'losses.py'")
        if stem in taken or keyword.iskeyword(stem):
            raise GraderError(f"{path}: file {file!r} would hide the module {stem!r}; rename it")
        if seen.setdefault(file.casefold(), file) != file:
            raise GraderError(f"{path}: {file!r} and {seen[file.casefold()]!r} differ only by case")


def find_course(start: Path | None = None) -> Path:
    """Return the course that `start` (or the working folder) lies in.

    Outside any course it is the checkout that this package is part of.
    """
    here = (start or Path.cwd()).resolve()
    checkout = Path(__file__).resolve().parent.parent
    for folder in (here, *here.parents, checkout):
        if any((folder / shelf).is_dir() for shelf in _SHELVES):
            return folder
    raise GraderError(f"no course at {here} (no reference/ or assignments/); cd into your course")


def find_reference(name: str, course: Path) -> Assignment:
    """Return the solved assignment: by its name, a short form such as "a1", or its folder."""
    return _find(name, course / "reference")


def _find(name: str, shelf: Path) -> Assignment:
    known = assignment_names(shelf)
    if name in known:
        return read_assignment(shelf / name)
    # "a1" means a1_convolution even where there is an a10_transformers.
    short = [n for n in known if n.startswith(f"{name}_")] or [
        n for n in known if n.startswith(name)
    ]
    if name and len(short) == 1:
        return read_assignment(shelf / short[0])
    if name and (Path(name) / DESCRIPTION).is_file():
        return read_assignment(Path(name))
    if name and short:
        raise GraderError(f"{name!r} could be {' or '.join(short)}; write one of them in full")
    raise GraderError(
        f"no assignment {name!r} in {shelf.name}/"
        f"{suggest(name, known) or '; there is ' + (', '.join(known) or 'none')}"
    )


def assignment_names(shelf: Path) -> list[str]:
    """Return the names of the assignments in `reference/` or `assignments/`, sorted."""
    return sorted(path.parent.name for path in shelf.glob(f"*/{DESCRIPTION}"))


def enclosing_assignment(path: Path) -> Path | None:
    """Return the nearest folder, from `path` upwards, that is an assignment."""
    path = path.resolve()
    return next((f for f in (path, *path.parents) if (f / DESCRIPTION).is_file()), None)


def assignment_sha256(folder: Path) -> str:
    """Return a hash over everything in `folder` that can change a grade or its feedback.

    The handout, its figures, the notebook and the caches of Python can change no grade,
    and nor can a date from which on students may read more. What lateness costs is no
    part of a grade: it is taken off whenever results are written.
    """
    digest = hashlib.sha256()
    for path in sorted(graded_files(folder)):
        name, content = path.relative_to(folder).as_posix().encode(), path.read_bytes()
        if path.name == DESCRIPTION:
            content = _deciding(content)
        # The lengths keep two different sets of files from reading as the same bytes.
        digest.update(b"%d %d " % (len(name), len(content)) + name + content)
    return digest.hexdigest()


def _deciding(description: bytes) -> bytes:
    """Return a description as it would be without its `[feedback]` and `[late]`."""
    rest = _UNDECIDING.sub(b"", description)
    return description if rest == description else rest.rstrip() + b"\n"


def graded_files(folder: Path) -> Iterator[Path]:
    """Yield the files of an assignment that can change a grade."""
    yield from (path for path in (folder / DESCRIPTION, folder / "mutants.toml") if path.is_file())
    yield from (path for path in folder.glob("*.py") if path.name not in LESSONS)
    for tests in ("tests", "hidden_tests"):
        for path in (folder / tests).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
