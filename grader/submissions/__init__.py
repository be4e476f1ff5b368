"""Read what students hand in: as bytes, within caps, and without following links."""

from typing import Final

LAYOUTS: Final = ("auto", "plain", "canvas", "moodle", "brightspace", "gradescope", "nbgrader")
