"""How hidden tests are shown to students, as `assignment.toml` says.

    [feedback]
    hidden = "after_due_date"
    due = 2026-12-01T23:59:00Z

Without this table they stay hidden: a student reads the title, the outcome, the
points, and the hint when the answer was that of a known mistake.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from grader.errors import GraderError
from grader.tables import Table


class Showing(StrEnum):
    """When students may read what a hidden test says."""

    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    VISIBLE = "visible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What students may read, and from when on."""

    hidden: Showing = Showing.HIDDEN
    due: datetime | None = None

    def reveals_hidden(self, now: datetime) -> bool:
        """Whether students may read what hidden tests say."""
        if self.hidden is Showing.AFTER_DUE_DATE and self.due is not None:
            return now > self.due
        return self.hidden is Showing.VISIBLE


def read_feedback(table: Table | None, where: str) -> Feedback:
    """Read the `[feedback]` of a description, if there is one.

    Raises
    ------
    GraderError
        If it cannot be understood, or waits for a date that it does not say.
    """
    if table is None:
        return Feedback()
    hidden, due = table.text("hidden"), table.moment("due")
    table.close()
    if hidden not in list(Showing):
        raise GraderError(
            f"{where}: [feedback]: 'hidden' must be one of {', '.join(Showing)}; it is {hidden!r}"
        )
    if hidden == Showing.AFTER_DUE_DATE and due is None:
        raise GraderError(
            f"{where}: [feedback]: 'hidden' waits for the due date; add due = 2026-12-01T23:59:00Z"
        )
    return Feedback(hidden=Showing(hidden), due=due)
