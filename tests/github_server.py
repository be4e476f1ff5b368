"""As much of GitHub's REST interface as a class needs, over real git repositories."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TOKEN = "a-students-token"  # noqa: S105 - of this server only


@dataclass
class Hub:
    """Repositories, and what was written into them."""

    folder: Path
    url: str = ""
    private: bool = True
    trouble: dict[str, list[int]] = field(default_factory=dict)  # by path: answers to give first
    issues: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by repository
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by "repo/number"
    log: list[str] = field(default_factory=list)
    unredirected: list[str | None] = field(default_factory=list)  # tokens that archives saw

    def create(self, name: str, files: dict[str, str]) -> None:
        """Make a repository with one commit."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git(folder, "init", "--quiet", "--initial-branch=main")
        if files:
            self.commit(name)

    def commit(self, name: str) -> None:
        """Commit what lies in a repository."""
        git(self.folder / name, "add", "--all", "--force")
        who = ("-c", "user.name=Student", "-c", "user.email=student@example.org")
        git(self.folder / name, *who, "commit", "--quiet", "--message=Work")

    def open_pull_request(self, name: str, number: int) -> None:
        """Open one."""
        pulls = {"number": number, "title": "Feedback", "body": None, "pull_request": {}}
        self.issues.setdefault(name, []).append(pulls)


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder and return what it prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout


@contextmanager
def serve(folder: Path) -> Iterator[Hub]:
    """Serve the repositories that will be in a folder."""
    hub = Hub(folder)
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def _answer(self, method: str) -> None:
        path = urlsplit(self.path).path
        self.hub.log.append(f"{method} {path}")
        if path.startswith("/archive/"):
            self.hub.unredirected.append(self.headers["Authorization"])
            _, _, owner, name, commit = path.split("/")
            folder = self.hub.folder / owner / name
            prefix = f"--prefix={owner}-{name}-{commit[:7]}/"
            return self._send(200, git(folder, "archive", "--format=tar.gz", prefix, commit))
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._send(401, b"{}")
        if self.hub.trouble.get(path):
            return self._send(self.hub.trouble[path].pop(0), b"{}")
        match = re.fullmatch(r"/repos/([^/]+/[^/]+)(/.*)?", path)
        assert match is not None, path
        if match[1] == "course/central":
            return self._json({"private": self.hub.private})
        if not (self.hub.folder / match[1]).is_dir():
            return self._send(404, b"{}")
        return self._of_repository(method, match[1], match[2] or "")

    def _of_repository(self, method: str, name: str, rest: str) -> None:
        if match := re.fullmatch(r"/commits/(.+)", rest):
            try:
                return self._send(200, git(self.hub.folder / name, "rev-parse", match[1]).strip())
            except subprocess.CalledProcessError:
                return self._send(409 if match[1] == "HEAD" else 422, b"{}")
        if match := re.fullmatch(r"/tarball/(.+)", rest):
            self.send_response(302)
            self.send_header("Location", f"{self.hub.url}/archive/{name}/{match[1]}")
            self.end_headers()
            return None
        return self._written(method, name, rest)

    def _written(self, method: str, name: str, rest: str) -> None:
        length = int(self.headers["Content-Length"] or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        issues = self.hub.issues.setdefault(name, [])
        if rest == "/pulls":
            return self._json([each for each in issues if "pull_request" in each])
        if match := re.fullmatch(r"/issues/(\d+)/comments", rest):
            return self._list(method, self.hub.comments, f"{name}/{match[1]}", content)
        if match := re.fullmatch(r"/issues/comments/(\d+)", rest):
            everything = [each for group in self.hub.comments.values() for each in group]
            return self._change(everything, "id", int(match[1]), content)
        if match := re.fullmatch(r"/issues/(\d+)", rest):
            return self._change(issues, "number", int(match[1]), content)
        assert rest == "/issues", rest
        return self._list(method, self.hub.issues, name, content)

    def _list(self, method: str, place: dict[str, list[Any]], key: str, content: Any) -> None:
        there = place.setdefault(key, [])
        if method == "POST":
            number = 100 + len(there)
            there.append({"number": number, "id": number, **content})
            return self._json(there[-1])
        return self._json(there)

    def _change(self, there: list[dict[str, Any]], key: str, value: int, content: Any) -> None:
        (found,) = (each for each in there if each.get(key) == value)
        found.update(content)
        self._json(found)

    def _json(self, content: Any) -> None:
        self._send(200, json.dumps(content).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
