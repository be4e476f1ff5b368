"""`grader github publish`: write each student's feedback into their repository.

The text is the one that `grader grade` wrote for students: of hidden tests it says
what they may read. It goes into an issue, or a comment in a pull request, which a
later run changes and does not repeat.

Trust: which repository is whose is read from the roster, never from results.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from grader.errors import GraderError
from grader.exports.github import summary
from grader.exports.reading import read_class
from grader.exports.view import view
from grader.github.api import GitHub, Refused
from grader.github.roster import Row, read_roster
from grader.results import Grade, Status

Where = Literal["issue", "pull-request"]
_LONGEST: Final = 60_000  # bytes; GitHub takes 65 536 characters


def run(roster: Path, results: Path, where: Where) -> int:
    """Tell every student; return 1 if one could not be told.

    A grade that is broken by our own fault is not told: it is not the student's.

    Raises
    ------
    GraderError
        If a result belongs to nobody on the roster, or GitHub cannot be reached.
    """
    rows = read_roster(roster)
    grades = read_class(results)
    unknown = sorted(grades.keys() - {row.student for row in rows})
    if unknown:
        raise GraderError(f"{results} has results of {unknown[0]!a}, who is not in {roster}")
    github = GitHub.from_environment()
    problems = []
    for row in rows:
        try:
            problem = _tell(github, row, grades.get(row.student), results, where)
        except Refused as error:
            problem = f"{error}; is the app installed there, with permission to write?"
        if problem:
            problems.append(problem)
            print(f"grader: {row.student}, {row.repository}: {problem}", file=sys.stderr)
    print(f"{len(rows) - len(problems)} of {len(rows)} students told")
    return 1 if problems else 0


def _tell(github: GitHub, row: Row, grade: Grade | None, results: Path, where: Where) -> str:
    """Write one student's feedback; return why not, or ''."""
    if grade is None:
        return "there is no grade"
    if grade.status is Status.BROKEN:
        return "the grade is broken, by a fault of ours"
    marker = f"<!-- deltagrade {grade.assignment} -->"
    body = f"{marker}\n{_feedback(grade, results)}"
    if where == "issue":
        return _write_issue(github, row.repository, grade.assignment, marker, body)
    return _write_comment(github, row.repository, marker, body)


def _feedback(grade: Grade, results: Path) -> str:
    path = results / "feedback" / f"{grade.student}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GraderError(f"cannot read {path} ({error}); grade or merge again") from error
    if len(text.encode()) <= _LONGEST:
        return text
    return summary(view(grade, show_hidden=False), _LONGEST)


def _write_issue(github: GitHub, repository: str, name: str, marker: str, body: str) -> str:
    issues = github.pages(f"/repos/{repository}/issues?state=all")
    ours = _marked((issue for issue in issues if "pull_request" not in issue), marker)
    if ours is None:
        content = {"title": f"Feedback: {name}", "body": body}
        github.send("POST", f"/repos/{repository}/issues", content)
    elif _differs(ours, body):
        number = int(ours["number"])
        github.send("PATCH", f"/repos/{repository}/issues/{number}", {"body": body})
    return ""


def _write_comment(github: GitHub, repository: str, marker: str, body: str) -> str:
    open_ones = github.pages(f"/repos/{repository}/pulls?state=open")
    if not open_ones:
        return "there is no open pull request"
    number = min(int(each["number"]) for each in open_ones)
    comments = f"/repos/{repository}/issues/{number}/comments"
    ours = _marked(github.pages(comments), marker)
    if ours is None:
        github.send("POST", comments, {"body": body})
    elif _differs(ours, body):
        path = f"/repos/{repository}/issues/comments/{int(ours['id'])}"
        github.send("PATCH", path, {"body": body})
    return ""


def _differs(there: dict[str, Any], body: str) -> bool:
    text: str = there["body"]
    return text.replace("\r\n", "\n").strip() != body.strip()


def _marked(texts: Iterable[dict[str, Any]], marker: str) -> dict[str, Any] | None:
    """Return the text that an earlier run wrote, by its first line."""
    return next((each for each in texts if (each["body"] or "").startswith(marker)), None)
