"""Write the pages of a class: one for each student, and those of the instructor.

A student's page bears a stamp of all that it was made from, so that a page whose
grade has not changed since the last run is left alone. It is written after its
Markdown: a stamp that is right means that both are.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from grader.course import Assignment
from grader.files import write_atomically
from grader.pages.class_page import by_score, class_page
from grader.pages.markdown import student_markdown
from grader.pages.render import TEMPLATES, render
from grader.pages.student import student_page
from grader.provenance import package_sha256
from grader.results import Grade

_HEAD: Final = 1024  # bytes of a page; the stamp is among them
_SORTS: Final = {"by name": "index.html", "by score": "by-score.html"}


class Pages:
    """The pages in a folder of results; its `feedback/` must be there."""

    def __init__(self, out: Path, assignment: Assignment) -> None:
        self._out = out
        self._folder = out / "feedback"
        self._assignment = assignment
        self._reveal = assignment.feedback.reveals_hidden(datetime.now(UTC))

    def write_student(self, grade: Grade, result: str) -> None:
        """Write a student's page and its Markdown, unless they are up to date.

        Parameters
        ----------
        result : str
            The content of the student's result file.
        """
        page = self._folder / f"{grade.student}.html"
        markdown = page.with_name(f"{grade.student}.md")
        stamp = self._stamp(result)
        if _bears(page, stamp) and markdown.is_file():
            return
        content = student_page(grade, self._assignment, reveal=self._reveal)
        write_atomically(markdown, student_markdown(content))
        write_atomically(page, render("student.html", page=content, stamp=stamp))

    def write_class(self, grades: Sequence[Grade], unassigned: Sequence[str] = ()) -> None:
        """Write the pages of the class: the students by name, and by score.

        Parameters
        ----------
        unassigned : sequence of str
            What could not be assigned to a student, and why.
        """
        by_name = class_page(self._assignment, grades, unassigned)
        for file, content in (("index.html", by_name), ("by-score.html", by_score(by_name))):
            text = render("class.html", page=content, sorts=_SORTS, here=file, stamp=self._look)
            write_atomically(self._out / file, text)

    def _stamp(self, result: str) -> str:
        words = f"{self._look} {self._reveal} {self._assignment.title} {result}"
        return hashlib.sha256(words.encode()).hexdigest()[:32]

    @cached_property
    def _look(self) -> str:
        """A hash of all that decides how a page looks."""
        digest = hashlib.sha256(package_sha256().encode())
        for path in sorted(TEMPLATES.iterdir()):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def _bears(page: Path, stamp: str) -> bool:
    """Whether a page is there and has this stamp."""
    try:
        with page.open("rb") as file:
            return f'content="{stamp}"'.encode() in file.read(_HEAD)
    except OSError:
        return False
