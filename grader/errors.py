"""The errors that a person reads.

Each carries one sentence that says what is wrong and what to do about it.
The command line prints the sentence after `grader: ` and exits with 2; anything
else that escapes is a defect of ours and keeps its traceback.
"""


class GraderError(Exception):
    """Something a person can put right: the message says what and how."""


class SubmissionRejectedError(GraderError):
    """A submission that cannot be read safely; the rest of the class goes on."""


class ProtocolError(Exception):
    """The other process sent something that is not a well-formed frame."""


class DeadlineError(Exception):
    """No complete answer came before the deadline."""


class ClosedError(Exception):
    """The other process closed the connection, or died."""


class UnusableError(Exception):
    """A submission gave no answer at all: a file, a function or a reply is missing."""
