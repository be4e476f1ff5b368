"""Read what one student handed in through a learning platform.

A platform keeps the files of a submission side by side, and an archive is then
one of them. It is opened when nothing beside it is what the assignment asks for;
what lies in an archive within an archive is not looked at.
"""

from collections.abc import Sequence

from grader.errors import SubmissionRejectedError
from grader.submissions.archive import MAX_ARCHIVE, SUFFIXES, read_packed
from grader.submissions.files import Found, shown
from grader.submissions.members import Kind, Member, pick, read, split


def read_handin(members: Sequence[Member], declared: Sequence[str]) -> Found:
    """Return the declared files among the members, or in the only archive among them.

    Raises
    ------
    SubmissionRejectedError
        If they cannot be read safely, or there are none, or several archives.
    """
    near = [member for member in members if len(split(member.name)) <= 2]
    loose = any(split(member.name)[-1:] == [name] for member in near for name in declared)
    archives = [
        member
        for member in near
        if member.kind is Kind.FILE and member.name.lower().endswith(SUFFIXES)
    ]
    if loose or not archives:
        return pick(members, declared)
    if len(archives) > 1:
        listed = ", ".join(shown(archive.name) for archive in archives[:5])
        raise SubmissionRejectedError(f"it holds several archives ({listed}); hand in one of them")
    archive = archives[0]
    return read_packed(archive.name, read(archive, MAX_ARCHIVE), declared)
