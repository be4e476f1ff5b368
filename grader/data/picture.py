"""A colour picture that the course carries as code.

Lessons about images need a picture with straight edges in both directions,
smooth gradients, texture and strong colours. A photograph would bring a licence
and a decoder; this lighthouse is nothing but formulas.

Coordinates: `y` runs from 0 (top) to 1 (bottom), `x` from 0 (left) to 4/3 (right).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.floating[Any]]
Color = tuple[float, float, float]

SAMPLES = 4  # each pixel is the mean of 4 × 4 samples, so slanted edges are smooth
HORIZON = 0.66
TOWER = 0.40  # x of the tower's axis
SUN = (1.02, 0.585)

CREAM: Color = (247, 238, 217)
RED: Color = (206, 52, 46)
NIGHT: Color = (34, 28, 58)
LAMP: Color = (255, 236, 150)


@dataclass(frozen=True, slots=True)
class Scene:
    """The canvas, and the coordinates of every sample on it."""

    x: Plane
    y: Plane
    canvas: Plane  # (rows, columns, 3), values 0..255

    def paint(self, where: NDArray[np.bool_] | Plane, color: Color | Plane) -> None:
        """Lay `color` over the canvas with the opacity `where`, 0 to 1."""
        opacity = np.asarray(where, dtype=np.float64)[..., np.newaxis]
        self.canvas[:] += opacity * (np.asarray(color, dtype=np.float64) - self.canvas)

    def box(self, left: float, top: float, right: float, bottom: float) -> NDArray[np.bool_]:
        """Select the samples inside an upright rectangle."""
        return (self.x >= left) & (self.x < right) & (self.y >= top) & (self.y < bottom)

    def disc(self, x: float, y: float, radius: float) -> NDArray[np.bool_]:
        """Select the samples inside a circle."""
        return (self.x - x) ** 2 + (self.y - y) ** 2 < radius**2


def drawing(height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """Draw a lighthouse at dusk.

    Parameters
    ----------
    height, width : int
        Size in pixels. The scene has a ratio of 3 to 4 and is stretched to the
        size that is asked for.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        Red, green and blue. The same arguments always give the same picture.

    Raises
    ------
    ValueError
        If a size is not positive.

    Examples
    --------
    >>> drawing().shape
    (96, 128, 3)
    """
    if height < 1 or width < 1:
        raise ValueError(f"a picture needs at least one pixel, not {height} x {width}")
    rows = (np.arange(height * SAMPLES) + 0.5) / (height * SAMPLES)
    columns = (np.arange(width * SAMPLES) + 0.5) / (width * SAMPLES) * 4 / 3
    x, y = np.meshgrid(columns, rows)
    scene = Scene(x, y, np.zeros((*x.shape, 3)))
    for layer in (_sky, _sun, _hills, _sea, _boat, _beam, _rock, _house, _tower, _lantern):
        layer(scene)
    blocks = scene.canvas.reshape(height, SAMPLES, width, SAMPLES, 3)
    pixels: NDArray[np.uint8] = np.rint(blocks.mean(axis=(1, 3)).clip(0, 255)).astype(np.uint8)
    return pixels


def _gradient(t: Plane, stops: list[float], colors: list[Color]) -> Plane:
    """Colours interpolated between `stops`, one for each value of `t`."""
    return np.stack([np.interp(t, stops, channel) for channel in zip(*colors, strict=True)], -1)


def _sky(scene: Scene) -> None:
    dusk: list[Color] = [
        (38, 44, 98),
        (104, 72, 140),
        (222, 104, 124),
        (252, 164, 98),
        (255, 212, 138),
    ]
    scene.paint(np.ones_like(scene.y), _gradient(scene.y, [0.0, 0.22, 0.42, 0.56, HORIZON], dusk))
    for i in range(26):  # multiples of irrational numbers scatter stars evenly, without a generator
        x, y = (0.37 + i * 0.7548) % 1 * 4 / 3, (i * 0.5698) % 1 * 0.26
        scene.paint(0.85 * scene.disc(x, y, 0.004 + 0.003 * (i % 3 == 0)), (255, 250, 226))


def _sun(scene: Scene) -> None:
    distance = np.hypot(scene.x - SUN[0], scene.y - SUN[1])
    scene.paint(0.75 * np.exp(-((distance / 0.22) ** 2)), (255, 226, 150))
    scene.paint(distance < 0.115, (255, 240, 176))
    for y, thickness, reach in ((0.36, 0.010, 0.17), (0.46, 0.013, 0.25), (0.40, 0.008, 0.10)):
        cloud = ((scene.x - 2.6 * y) / reach) ** 2 + ((scene.y - y) / thickness) ** 2 < 1
        scene.paint(0.65 * cloud, (255, 196, 168))


def _hills(scene: Scene) -> None:
    slope = (0.93 - scene.x).clip(0)  # the land falls to the sea before it reaches the sun
    far = HORIZON - 0.13 * slope - 0.12 * slope * np.sin(11 * scene.x + 0.4)
    scene.paint(scene.y > far, (158, 92, 130))
    near = HORIZON - (0.72 - scene.x).clip(0) * (0.10 + 0.05 * np.sin(19 * scene.x + 2))
    scene.paint(scene.y > near, (104, 68, 122))


def _sea(scene: Scene) -> None:
    depth = (scene.y - HORIZON).clip(0)
    water = _gradient(depth, [0.0, 0.10, 0.34], [(196, 124, 132), (72, 92, 142), (18, 44, 88)])
    # waves grow towards the viewer: equal steps on the water shrink with distance
    wave = np.sin(9 / (depth + 0.07) + 1.6 * np.sin(11 * scene.x) + 5 * scene.x)
    scene.paint(scene.y >= HORIZON, water + 13 * wave[..., np.newaxis])
    spread = 0.09 + 0.25 * depth
    glitter = np.exp(-(((scene.x - SUN[0]) / spread) ** 2)) * (0.45 + 0.45 * (wave > 0.1))
    scene.paint(glitter * (scene.y >= HORIZON), (255, 206, 128))


def _boat(scene: Scene) -> None:
    x, y = scene.x - 0.80, scene.y - 0.735
    scene.paint((y > 0) & (y < 0.035) & (np.abs(x) < 0.088 - 1.1 * y), (92, 40, 44))
    scene.paint(scene.box(0.795, 0.54, 0.803, 0.735), NIGHT)
    scene.paint((x > 0.008) & (y < -0.012) & (x < 0.008 + 0.45 * (y + 0.185)), CREAM)
    scene.paint((x < -0.008) & (y < -0.012) & (-x < 0.008 + 0.36 * (y + 0.165)), RED)


def _beam(scene: Scene) -> None:
    for side, fade in ((1, 0.80), (-1, 0.55)):
        along = side * (scene.x - TOWER)
        off = np.abs(scene.y - 0.18 + 0.09 * (scene.x - TOWER)) / (0.014 + 0.10 * along.clip(0))
        glow = (1 - off).clip(0) ** 0.6  # strongest on the axis
        scene.paint((along > 0) * fade * glow * np.exp(-along / 0.55), LAMP)


def _rock(scene: Scene) -> None:
    top = 0.765 + 1.5 * (scene.x - 0.36).clip(0.22) - 0.33 + 0.005 * np.sin(31 * scene.x)
    bend = scene.y + 0.10 * scene.x + 0.012 * np.sin(16 * scene.x)
    strata = np.sin(150 * bend) + 0.6 * np.sin(67 * bend + 9 * scene.x)
    light = 11 * strata + 60 * (scene.x - 0.3) - 120 * (scene.y - 0.80)
    stone = np.array([112.0, 84.0, 92.0]) + light[..., np.newaxis]
    scene.paint(scene.y > top, stone)
    scene.paint((scene.y > top) & (scene.y < top + 0.022), (88, 128, 82))


def _house(scene: Scene) -> None:
    scene.paint(scene.box(0.0625, 0.63, 0.3021, 0.775), CREAM)
    scene.paint(scene.box(0.0625, 0.63, 0.3021, 0.645), (196, 180, 168))
    slope = np.abs(scene.x - 0.1823) < 0.9 * scene.y - 0.427
    scene.paint((scene.y > 0.53) & (scene.y < 0.635) & slope, (70, 76, 120))
    scene.paint(scene.box(0.225, 0.49, 0.26, 0.59), (150, 84, 72))
    for left in (0.0833, 0.2292):
        scene.paint(scene.box(left, 0.6771, left + 0.0521, 0.7292), (255, 196, 84))
        scene.paint(scene.box(left + 0.0208, 0.6771, left + 0.0312, 0.7292), NIGHT)
    scene.paint(scene.box(0.1563, 0.6875, 0.2083, 0.775), (58, 112, 128))


def _tower(scene: Scene) -> None:
    half = 0.052 + 0.055 * (scene.y - 0.24)
    across = (scene.x - TOWER) / half  # -1 at the left edge of the tower, 1 at the right
    inside = (np.abs(across) < 1) & (scene.y > 0.24) & (scene.y < 0.785)
    band = np.floor((scene.y - 0.24) / 0.1090) % 2 == 0
    scene.paint(inside & band, CREAM)
    scene.paint(inside & ~band, RED)
    scene.paint(inside * 0.42 * ((0.5 - across) / 1.5).clip(0, 1), NIGHT)  # round: dark on the left
    for y in (0.39, 0.61):
        scene.paint(scene.box(TOWER - 0.012, y - 0.026, TOWER + 0.012, y + 0.026), NIGHT)
    scene.paint(scene.box(TOWER - 0.022, 0.72, TOWER + 0.022, 0.785), NIGHT)


def _lantern(scene: Scene) -> None:
    scene.paint(scene.box(TOWER - 0.038, 0.14, TOWER + 0.038, 0.225), LAMP)
    for x in (-0.038, -0.004, 0.030):
        scene.paint(scene.box(TOWER + x, 0.14, TOWER + x + 0.008, 0.225), NIGHT)
    scene.paint(scene.box(TOWER - 0.072, 0.222, TOWER + 0.072, 0.246), NIGHT)
    dome = (np.hypot(scene.x - TOWER, scene.y - 0.14) < 0.052) & (scene.y < 0.14)
    scene.paint(dome, RED)
    scene.paint(scene.box(TOWER - 0.005, 0.06, TOWER + 0.005, 0.092), NIGHT)
