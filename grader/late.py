"""What lateness costs, as `assignment.toml` says.

    [late]
    due = 2026-12-01T23:59:00Z
    grace_minutes = 15
    penalty_per_day = 0.1    # a share of all points, for each day begun
    cap = 0.5                # the most that is taken off

Without this table nothing does. Days are counted from the due date; the grace
only decides whether a submission is late at all. A time that names no zone is
read in the zone of the due date.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.errors import GraderError
from grader.tables import Table

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePolicy:
    """What lateness costs."""

    due: datetime  # with its time zone
    grace: timedelta
    penalty_per_day: float  # a share of all points
    cap: float  # likewise

    def lateness(self, submitted: datetime, extension: datetime | None) -> timedelta:
        """Return by how much a submission is late; negative or zero if it is not."""
        return self._aware(submitted) - self._aware(extension or self.due)

    def share(self, lateness: timedelta) -> float:
        """Return the share of all points that a lateness costs."""
        if lateness <= max(self.grace, timedelta(0)):
            return 0.0
        return min(self.cap, math.ceil(lateness / _DAY) * self.penalty_per_day)

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self.due.tzinfo)


def read_late(table: Table | None, where: str) -> LatePolicy | None:
    """Read the `[late]` of a description, if there is one.

    Raises
    ------
    GraderError
        If it cannot be understood.
    """
    if table is None:
        return None
    due, grace = table.moment("due"), table.number("grace_minutes")
    shares = {key: table.number(key) for key in ("penalty_per_day", "cap")}
    table.close()
    if due is None:
        raise GraderError(f"{where}: [late]: 'due' is missing; add due = 2026-12-01T23:59:00Z")
    for key, share in shares.items():
        if share > 1:
            raise GraderError(
                f"{where}: [late]: {key!r} is a share of all points, at most 1; it is {share:g}"
            )
    return LatePolicy(due=due, grace=timedelta(minutes=grace), **shares)
