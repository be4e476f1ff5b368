"""`grader github collect`: fetch what a class has pushed, as archives and unopened.

GitHub packs the commit; nothing of a student's repository is checked out here, so none
of its hooks, filters, links or submodules comes to life. The archives are read where
they are graded, in memory.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.course import find_course, find_reference
from grader.errors import GraderError
from grader.files import make_folder, write_atomically
from grader.github.api import GitHub, Refused, TooLong
from grader.github.roster import Row, read_roster
from grader.github.runner import add_summary, set_outputs
from grader.shards import MOST_SHARDS
from grader.submissions.archive import MAX_ARCHIVE

_SHA: Final = "application/vnd.github.sha"
# What a repository's own state explains; anything else stops us, lest a student be missed.
_EXPLAINED: Final = {
    404: "no such repository or ref, or the app is not installed there",
    409: "the repository is empty",
    422: "no such ref",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one row of the roster."""

    row: Row
    commit: str = ""
    problem: str = ""


def run(assignment: str, roster: Path, out: Path, *, shards: int) -> int:
    """Collect a class; return 1 if a student's repository could not be had.

    Raises
    ------
    GraderError
        If none could, or if this is a public repository.
    """
    if shards > MOST_SHARDS:
        raise GraderError(f"a matrix has at most {MOST_SHARDS} jobs; say fewer --shards")
    reference = find_reference(assignment, find_course())
    rows = read_roster(roster)
    github = GitHub.from_environment()
    _demand_private(github)
    collected = collect(github, rows, out)
    there = [each for each in collected if not each.problem]
    add_summary(_summary(reference.title, collected))
    for each in collected:
        print(f"{each.row.student}: {each.problem or each.commit}")
    if not there:
        raise GraderError(f"no repository in {roster} could be collected; see above")
    set_outputs(
        {
            "assignment": reference.id,
            "dataset": reference.dataset,
            "extras": "torch" if "torch" in reference.packages else "",
            "shards": json.dumps(list(range(1, shards + 1))),
            "count": str(shards),
        }
    )
    return 0 if len(there) == len(collected) else 1


def collect(github: GitHub, rows: Sequence[Row], out: Path) -> list[Collected]:
    """Fetch each student's archive into `out`, named for the student."""
    make_folder(out)
    return [_collect_one(github, row, out / f"{row.student}.tar.gz") for row in rows]


def _collect_one(github: GitHub, row: Row, path: Path) -> Collected:
    try:
        answer = github.download(f"/repos/{row.repository}/commits/{row.ref}", 1000, _SHA)
        commit = answer.decode("ascii", "replace")
        if not (commit.isalnum() and len(commit) in (40, 64)):
            raise GraderError(f"{row.repository}: GitHub named no commit; run this again")
        archive = github.download(f"/repos/{row.repository}/tarball/{commit}", MAX_ARCHIVE)
    except Refused as error:
        if error.status not in _EXPLAINED:
            raise GraderError(f"{row.repository}: {error}; run this again later") from error
        return _without(row, path, _EXPLAINED[error.status])
    except TooLong:
        return _without(row, path, f"its archive is larger than {MAX_ARCHIVE // 10**6} MB")
    write_atomically(path, archive)
    return Collected(row, commit=commit)


def _without(row: Row, path: Path, problem: str) -> Collected:
    """Note that there is nothing to grade, and let no earlier archive be taken for it."""
    path.unlink(missing_ok=True)
    return Collected(row, problem=problem)


def _demand_private(github: GitHub) -> None:
    """Refuse a public repository: whoever can read it can read its hidden tests."""
    here = os.environ.get("GITHUB_REPOSITORY")
    if not here:
        return
    try:
        private = github.get(f"/repos/{here}")["private"]
    except Refused as error:
        if error.status != 404:  # the students' token need not lead here
            raise GraderError(f"{here}: {error}; run this again later") from error
        private = True
    if private is not True:
        raise GraderError(f"{here} is public, and so are its hidden tests; make it private")


def _summary(title: str, collected: Sequence[Collected]) -> str:
    there = sum(not each.problem for each in collected)
    lines = [f"## {title}: {there} of {len(collected)} repositories collected", ""]
    lines += [
        f"* `{each.row.student}`, `{each.row.repository}`: {each.problem}"
        for each in collected
        if each.problem
    ]
    return "\n".join(lines) + "\n"
