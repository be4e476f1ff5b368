"""GitHub's REST interface, as far as a class needs it.

Where it is, the runner says in `GITHUB_API_URL`. The token is sent there and nowhere
else: a redirect, such as that to an archive, is followed without it.
"""

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from typing import Any, Final, Self

from grader.errors import GraderError

_PATIENCE: Final = (1.0, 4.0, 15.0)  # seconds before each further try
_SECONDS: Final = 60.0
_PASSING: Final = {429, 500, 502, 503, 504}
_TOO_MUCH: Final = {403, 429}  # if it says when to come again
_LONGEST_WAIT: Final = 300.0  # seconds
_JSON: Final = "application/vnd.github+json"
_LONGEST: Final = 20_000_000  # bytes of an answer, unless told otherwise
_PER_PAGE: Final = 100
_MOST_PAGES: Final = 10


class Refused(Exception):  # noqa: N818  (an answer, not an error of the program)
    """GitHub answered that it will not, or cannot.

    Parameters
    ----------
    status : int
        Of the answer.
    wait : float, optional
        Seconds after which it will, if it said so: too much was asked at once.
    """

    def __init__(self, status: int, wait: float | None = None) -> None:
        super().__init__(f"GitHub answered {status}")
        self.status = status
        self.wait = wait


class TooLong(Exception):  # noqa: N818  (a repository may be as large as it likes)
    """An answer is longer than asked for."""


class GitHub:
    """The REST interface, with one token.

    Parameters
    ----------
    url : str
        Where it is.
    token : str
        An installation's token, or a person's.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    @classmethod
    def from_environment(cls) -> Self:
        """Use `GITHUB_API_URL` and `STUDENTS_TOKEN`.

        Raises
        ------
        GraderError
            If one of them is missing.
        """
        names = ("GITHUB_API_URL", "STUDENTS_TOKEN")
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            raise GraderError(
                f"the environment has no {' and '.join(missing)}; a workflow sets the first,"
                " and the second is the token for the students' repositories"
            )
        return cls(*(os.environ[name] for name in names))

    def get(self, path: str) -> Any:
        """Return an answer as data."""
        return json.loads(self.download(path, _LONGEST))

    def pages(self, path: str) -> list[Any]:
        """Return a list that comes in pages."""
        found: list[Any] = []
        for page in range(1, _MOST_PAGES + 1):
            separator = "&" if "?" in path else "?"
            part = self.get(f"{path}{separator}per_page={_PER_PAGE}&page={page}")
            found += part
            if len(part) < _PER_PAGE:
                break
        return found

    def send(self, method: str, path: str, content: dict[str, str]) -> Any:
        """Make or change something, and return it."""
        return json.loads(self._ask(method, path, _JSON, json.dumps(content).encode(), _LONGEST))

    def download(self, path: str, limit: int, accept: str = _JSON) -> bytes:
        """Return an answer as bytes.

        Raises
        ------
        Refused
            If GitHub answers so.
        TooLong
            If the answer has more than `limit` bytes.
        GraderError
            If it cannot be reached.
        """
        return self._ask("GET", path, accept, None, limit)

    def _ask(self, method: str, path: str, accept: str, body: bytes | None, limit: int) -> bytes:
        # What makes something is not sent twice: the first answer may only have been lost.
        # Unless GitHub says when to come again: it then has made nothing.
        once = body is not None
        for pause in (*_PATIENCE, None):
            try:
                return self._ask_once(method, path, accept, body, limit)
            except Refused as error:
                passing = error.status in _PASSING and not once
                if pause is None or not (passing or error.wait is not None):
                    raise
                time.sleep(max(pause, error.wait or 0))
            except (OSError, http.client.HTTPException) as error:
                if pause is None or once:
                    raise GraderError(
                        f"cannot reach GitHub at {self._url} ({error}); run this again later"
                    ) from error
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _ask_once(
        self, method: str, path: str, accept: str, body: bytes | None, limit: int
    ) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the runner says where
            self._url + path, data=body, method=method, headers={"Accept": accept}
        )
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                content: bytes = answer.read(limit + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _wait(error)) from None
        if len(content) > limit:
            raise TooLong(f"{path} has more than {limit} bytes")
        return content


def _wait(error: urllib.error.HTTPError) -> float | None:
    """Return how long GitHub asks us to wait, as it does after some 80 issues in a minute."""
    seconds = error.headers.get("Retry-After", "")
    if error.code not in _TOO_MUCH or not seconds.isdecimal():
        return None
    return min(float(seconds), _LONGEST_WAIT)
