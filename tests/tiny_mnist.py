"""A data set in MNIST's form, a hundredth of its size, and a mirror on this machine that has it.

Shared by test_mnist.py and test_data_command.py.
"""

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from grader.data import idx, load
from grader.data.mnist import LAYOUT, Collection, IdxFile

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def contents() -> dict[str, bytes]:
    """Give the four extracted files: 500 digits to train with and 100 to test with."""
    digits = load("digits")
    images, labels = digits.train_images, digits.train_labels.astype("uint8")
    arrays = images[:500], labels[:500], images[500:600], labels[500:600]
    return {name: idx.serialize(array) for name, array in zip(NAMES, arrays, strict=True)}


CONTENTS = contents()
COMPRESSED = {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in CONTENTS.items()}
SHAPES = ((500, 28, 28), (500,), (100, 28, 28), (100,))


def tiny(*mirrors: str) -> Collection:
    """Give the collection, to be had from these mirrors."""
    train_images, train_labels, test_images, test_labels = (
        IdxFile(name, shape, _sha256(CONTENTS[name]), _sha256(COMPRESSED[f"{name}.gz"]))
        for name, shape in zip(NAMES, SHAPES, strict=True)
    )
    files = train_images, train_labels, test_images, test_labels
    return Collection(name="mnist", files=files, mirrors=mirrors)


def write(root: Path, files: dict[str, bytes]) -> Path:
    """Write files in torchvision's layout, and return their folder."""
    folder = root / LAYOUT
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def honest(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Send what was asked for."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def mirror(answer: Answer = honest) -> Iterator[tuple[str, list[str]]]:
    """Serve the compressed files; yield the mirror's address and the names it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            asked.append(name)
            answer(self, COMPRESSED[name])

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tiny/", asked
        finally:
            server.shutdown()
            thread.join()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
