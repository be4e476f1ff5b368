"""Draw the figures of a handout, all in one style.

Figures are 6 inches wide, for a phone held upright: little beside each other,
and no text below 11 points. Colours are those of Okabe and Ito, which people
with any kind of colour vision can tell apart.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from numpy.typing import NDArray
from PIL import Image

WIDTH: Final = 6.0
DPI: Final = 144  # a picture of 128 pixels, 16/9 inches wide, is magnified exactly twice
INK, FAINT, PAPER = "#1a1a2e", "#9a9aa8", "#ffffff"
BLUE, ORANGE, RED, GREEN = "#0072b2", "#e69f00", "#d55e00", "#009e73"
PALE_BLUE, PALE_ORANGE, PALE_GREY = "#d6e9f5", "#fdebc2", "#f1f1f4"
MONO: Final = {"family": "DejaVu Sans Mono"}

# The font comes with matplotlib: the same everywhere.
_STYLE: Final[Any] = {"font.family": "DejaVu Sans", "text.color": INK}

Point = tuple[float, float]


def draw_all(*figures: Callable[[], None]) -> None:
    """Call the functions that draw, in the style of handouts."""
    with mpl.rc_context(_STYLE):
        for draw in figures:
            draw()


def signed(number: float, digits: int = 0) -> str:
    """Write a number with a true minus sign."""
    return f"{number:.{digits}f}".replace("-", "−")


def pale(color: str) -> NDArray[np.float64]:
    """Mix a colour with much white."""
    return 0.3 * np.array(mpl.colors.to_rgb(color)) + 0.7


class Page:
    """A figure measured in inches, with (0, 0) at the top left.

    Each assignment has a subclass that says in which `folder` its figures lie.
    """

    folder: ClassVar[Path]

    def __init__(self, height: float) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height), facecolor=PAPER)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self.axes.axis("off")
        self.axes.set_zorder(1)  # text and frames lie over the pictures

    def text(self, x: float, y: float, words: str, size: float = 13, **style: Any) -> None:
        """Write `words`, centred on (x, y) unless `ha` or `va` says otherwise."""
        style = {"ha": "center", "va": "center", "color": INK} | style
        self.axes.text(x, y, words, fontsize=size, **style)

    def box(
        self, x: float, y: float, width: float, height: float, color: Any, *, edge: Any = FAINT
    ) -> None:
        """Draw a filled rectangle."""
        style = {"facecolor": color, "edgecolor": edge, "linewidth": 1}
        self.axes.add_patch(Rectangle((x, y), width, height, **style))

    def frame(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        color: Any,
        linewidth: float = 3,
    ) -> None:
        """Outline a rectangle."""
        box = Rectangle((x, y), width, height, fill=False, edgecolor=color, linewidth=linewidth)
        self.axes.add_patch(box)

    def row(
        self,
        x: float,
        y: float,
        words: Sequence[str],
        width: float,
        height: float = 0.46,
        size: float = 14,
        *,
        fill: Any = PAPER,
        ink: Any = INK,
    ) -> None:
        """Draw a row of cells with `words` in them."""
        for i, word in enumerate(words):
            self.box(x + i * width, y, width, height, fill)
            self.text(x + (i + 0.5) * width, y + height / 2 + 0.01, word, size, color=ink)

    def line(self, x: Any, y: Any, color: Any = INK, linewidth: float = 2, **style: Any) -> None:
        """Draw a line through points."""
        self.axes.plot(x, y, color=color, linewidth=linewidth, **style)

    def arrow(
        self, start: Point, end: Point, color: Any = INK, *, bend: float = 0.0, **style: Any
    ) -> None:
        """Draw an arrow between two points."""
        style = {"mutation_scale": 16, "linewidth": 2, "shrinkA": 0} | style
        curve = f"arc3,rad={bend}"
        arrow = FancyArrowPatch(
            start, end, color=color, arrowstyle="-|>", connectionstyle=curve, **style
        )
        self.axes.add_patch(arrow)

    def image(
        self,
        x: float,
        y: float,
        width: float,
        pixels: NDArray[Any],
        title: str = "",
        *,
        height: float | None = None,
        size: float = 12,
        **style: Any,
    ) -> float:
        """Show an array as a picture below its title; return the height it takes.

        Numbers go from black to white unless told otherwise.
        """
        height = height or width * pixels.shape[0] / pixels.shape[1]
        style = {"cmap": "gray"} | style
        axes = self.inset(x, y, width, height)
        axes.imshow(pixels, interpolation="nearest", aspect="auto", **style)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(color=FAINT, linewidth=0.8)
        self.text(x + width / 2, y - 0.16, title, size)
        return height

    def inset(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return axes of their own at this place."""
        place = (x / WIDTH, 1 - (y + height) / self.height, width / WIDTH, height / self.height)
        return self.figure.add_axes(place)

    def plot(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        xlabel: str = "",
        ylabel: str = "",
    ) -> Axes:
        """Return axes for a curve, with a quiet frame and labels that can be read."""
        axes = self.inset(x, y, width, height)
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["bottom", "left"]].set_color(FAINT)
        axes.tick_params(labelsize=12, colors=INK, color=FAINT)
        axes.set_xlabel(xlabel, fontsize=13, color=INK)
        axes.set_ylabel(ylabel, fontsize=13, color=INK)
        return axes

    def source(self, y: float, images: str) -> None:
        """Say in small print where the images come from."""
        self.text(5.88, y, f"images: {images}", 11, ha="right", color=FAINT)

    def save(self, name: str, *, colors: int | None = 256) -> None:
        """Write NAME.png; 256 colours are enough, except for large gradients (None)."""
        buffer = BytesIO()
        self.figure.savefig(buffer, dpi=DPI)
        pixels = Image.open(buffer).convert("RGB")
        if colors:
            pixels = pixels.quantize(colors, dither=Image.Dither.NONE)
        self.folder.mkdir(exist_ok=True)
        pixels.save(self.folder / f"{name}.png", optimize=True)
