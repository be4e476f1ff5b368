"""Read when something was handed in, as platforms and people write it."""

import csv
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.errors import GraderError

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d|[A-Za-z]+(?:/[A-Za-z_+-]+)+)?"
)


def parse_moment(text: str) -> datetime | None:
    """Return a point in time; None if the text is not understood.

    Where the text names no time zone, the result has none. An abbreviation such
    as CST, which means three zones, is not understood.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        return None
    zone = match["zone"] or ""
    try:
        if "/" in zone:
            local = datetime.fromisoformat(f"{match['day']}T{match['clock']}")
            return local.replace(tzinfo=ZoneInfo(zone))
        offset = "+00:00" if zone == "UTC" else zone
        return datetime.fromisoformat(f"{match['day']}T{match['clock']}{offset}")
    except (ValueError, OSError):  # the 31st of June; no such zone
        return None


def read_times(path: Path) -> dict[str, datetime]:
    """Return when each student handed in, from a CSV file with these two columns.

        student,submitted
        ada,2026-12-01 14:05
        ben,2026-12-01T23:59:30+01:00

    Raises
    ------
    GraderError
        If it cannot be read, or a line of it is not understood.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except OSError as error:
        raise GraderError(f"cannot read {path} ({error.strerror}); name a CSV file") from error
    except (ValueError, csv.Error) as error:  # no UTF-8, or no table
        raise GraderError(f"{path} is no table in CSV ({error}); save it again") from error
    if not rows or not {"student", "submitted"} <= rows[0].keys():
        raise GraderError(f"{path} must begin with student,submitted, and have a line for each")
    times: dict[str, datetime] = {}
    for line, row in enumerate(rows, start=2):
        student = unicodedata.normalize("NFC", row["student"] or "")
        moment = parse_moment(row["submitted"] or "")
        if moment is None or not student or student in times:
            raise GraderError(
                f"{path}, row {line}: write each student once, and a time such as"
                f" 2026-12-01 14:05 or 2026-12-01T14:05+01:00, not {row['submitted']!r}"
            )
        times[student] = moment
    return times
