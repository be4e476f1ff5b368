"""What `grader verify` leaves behind: the fingerprints of known mistakes, and with them the proof.

A release demands that proof: an assignment whose tests have changed since, or
whose known mistakes were not all caught, does not reach students.
"""

from grader.authoring.findings import Verification
from grader.course import Assignment, assignment_sha256
from grader.errors import GraderError
from grader.files import write_atomically
from grader.misconceptions import FINGERPRINTS, Misconceptions
from grader.mutants import MUTANTS


def keep_proof(assignment: Assignment, found: Verification) -> None:
    """Write an assignment's `fingerprints.json` if all is proven; remove it if it is not."""
    path = assignment.folder / FINGERPRINTS
    if found.ok:
        write_atomically(path, found.misconceptions.to_text())
    else:
        path.unlink(missing_ok=True)


def demand_proof(assignment: Assignment) -> None:
    """Refuse an assignment with known mistakes that is not proven as it is now.

    Raises
    ------
    GraderError
        If `grader verify` has to be run.
    """
    if not (assignment.folder / MUTANTS).is_file():
        return
    proven = Misconceptions.read(assignment.folder).assignment_sha256
    if proven != assignment_sha256(assignment.folder):
        state = "has changed since it was verified" if proven else "is not verified"
        raise GraderError(f"{assignment.id} {state}; run `grader verify {assignment.id}` first")
