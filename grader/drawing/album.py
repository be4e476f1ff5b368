"""The pictures of one submission's tests, as many as a result has room for."""

import re
from pathlib import Path
from typing import Final

from grader.checks.failure import CheckFailure
from grader.checks.picture import Images
from grader.checks.shown import noted_pictures
from grader.drawing.draw import draw
from grader.drawing.poster import save_picture
from grader.results import Drawing

_ROOM: Final = 300_000  # characters of base64 in the results of one submission


class Album:
    """What one submission's tests want to be looked at."""

    def __init__(self, *, keep_images: bool) -> None:
        self._keep_images = keep_images  # to save them, which needs memory
        self._room = _ROOM
        self._images: dict[str, Images] = {}  # by test

    def add(self, test: str, error: BaseException | None) -> tuple[Drawing, ...]:
        """Draw the picture of a failure, and those that the test itself showed."""
        pictures = noted_pictures()
        if isinstance(error, CheckFailure) and error.picture is not None:
            pictures = (error.picture, *pictures)
            if self._keep_images and isinstance(error.picture, Images):
                self._images[test] = error.picture
        drawings: list[Drawing] = []
        for picture in pictures:
            panels = draw(picture)
            size = sum(len(panel.data) for panel in panels)
            if size <= self._room:
                self._room -= size
                drawings += panels
        return tuple(drawings)

    def save(self, folder: Path) -> None:
        """Draw got, expected and difference for each image that was wrong, as PNG files."""
        for number, (name, picture) in enumerate(self._images.items(), start=1):
            readable = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")
            save_picture(picture, folder / f"{number:02}-{readable}.png")
