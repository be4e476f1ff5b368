"""Make the zip that Gradescope takes as an autograder."""

from pathlib import Path
from typing import Final

from grader.authoring.proof import demand_proof
from grader.course import Assignment, graded_files
from grader.errors import GraderError
from grader.files import write_atomically
from grader.gradescope.failure import failure
from grader.gradescope.packing import pack
from grader.gradescope.wheel import build_wheel, wheel_name
from grader.misconceptions import FINGERPRINTS
from grader.results import total

_TEMPLATES: Final = Path(__file__).parent / "templates"
_SCRIPTS: Final = ("setup.sh", "run_autograder")
# Room that results.json takes before there are any results, so that a disk which has
# filled up meanwhile cannot keep them from being written.
_RESERVE: Final = 400_000
_FALLBACKS: Final = {
    "unfinished.json": "it ended before it was done; it ran out of time or memory, or was stopped",
    "not-set-up.json": "it is not installed; its setup failed",
}
# Beyond what all tests together may take: starting, and asking the examiner.
_OVERHEAD_SECONDS: Final = 400


def write_autograder(assignment: Assignment, target: Path) -> int:
    """Write the zip; return how many files are in it.

    Raises
    ------
    GraderError
        If the assignment is not proven, or the file cannot be written.
    """
    if target.suffix != ".zip":
        raise GraderError(f"{target} must end in .zip, as Gradescope takes nothing else")
    demand_proof(assignment)
    files = autograder(assignment)
    write_atomically(target, pack(files, executable=_SCRIPTS))
    return len(files)


def autograder(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of an autograder."""
    values = {
        "assignment": assignment.id,
        "dataset": assignment.dataset,
        "wheel": wheel_name() + ("[torch]" if "torch" in assignment.packages else ""),
        "seconds": str(round(assignment.limits.submission_seconds) + _OVERHEAD_SECONDS),
    }
    files = {name: _filled(name, values) for name in _SCRIPTS}
    max_score = total(task.points for task in assignment.tasks)
    for name, reason in _FALLBACKS.items():
        text = failure(assignment.id, max_score, reason)
        files[f"fallback/{name}"] = text.ljust(_RESERVE).encode()
    files[f"wheels/{wheel_name()}"] = build_wheel()
    folder = assignment.folder
    paths = [*graded_files(folder), *folder.glob(FINGERPRINTS)]
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix()
        files[f"reference/{assignment.id}/{name}"] = path.read_bytes()
    return files


def _filled(template: str, values: dict[str, str]) -> bytes:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{{ {name} }}}}", value)
    return text.encode()
