"""Draw the figures of the handout: run `python figures.py` in this folder.

Every number and every picture is computed by the solved modules beside this
script, so a figure cannot disagree with what students are asked to build.
"""

from pathlib import Path

import numpy as np
from convolution import convolve2d, convolve_image, correlate2d, output_size
from edges import gradient_magnitude, sobel_x, sobel_y
from images import draw_box, to_float, to_uint8, zero_channel
from padding import pad2d

from grader.data import picture
from grader.drawing import handout
from grader.drawing.handout import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    PALE_ORANGE,
    PAPER,
    RED,
    WIDTH,
)

IMAGE = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
KERNEL = np.array([[0, 1, 0], [1, 0, 1], [0, 2, 0]])
IDENTITY = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
BOX_BLUR = np.full((3, 3), 1 / 9)
FIND_EDGES = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])


class Page(handout.Page):
    """A figure of this handout."""

    folder = Path(__file__).parent / "figures"

    def grid(self, x, y, values, cell, size=14, *, fill=None, ink=None):
        """Draw an array as a table; `fill` and `ink` give each cell's colours."""
        for (row, column), value in np.ndenumerate(values):
            left, top = x + column * cell, y + row * cell
            color = PAPER if fill is None else fill[row][column]
            self.box(left, top, cell, cell, color)
            number = f"{value:g}".replace("-", "−")
            color = INK if ink is None else ink[row][column]
            self.text(left + cell / 2, top + cell / 2 + 0.01, number, size, color=color)


def shade(values, chosen, color, other=PAPER):
    """Colours for a grid: `color` where `chosen`, `other` elsewhere."""
    chosen = np.broadcast_to(chosen, np.shape(values))
    return np.where(chosen, color, other).tolist()


def draw_cover():
    """Show the picture that the handout works on."""
    page = Page(4.5)
    page.image(0, 0, WIDTH, picture.drawing(216, 288))
    page.save("lighthouse", colors=None)


def draw_numbers():
    """Show a digit, and the array that it is."""
    with np.load(Path(picture.__file__).with_name("digits.npz")) as file:
        digit = file["images"][0]
    grey = digit / 16
    page = Page(4.6)
    page.image(0.1, 1.5, 1.4, digit, "what you see", cmap="gray", vmin=0, vmax=16)
    page.arrow((1.58, 2.2), (1.86, 2.2))
    page.text(0.8, 3.15, "shape (8, 8)\n0 is black,\n16 is white", 13, va="top", linespacing=1.5)
    page.text(4.1, 0.17, "what the computer has", 14)
    fill = [[str(level) for level in row] for row in grey]
    page.grid(2.2, 0.6, digit, 0.47, 14, fill=fill, ink=shade(digit, grey > 0.45, INK, PAPER))
    for i in range(8):
        page.text(2.435 + 0.47 * i, 0.46, str(i), 12, color=BLUE)
        page.text(2.07, 0.835 + 0.47 * i, str(i), 12, color=BLUE)
    page.save("numbers")


def draw_channels():
    """Show a picture and its three colour channels."""
    image = picture.drawing()
    row, column = 42, 42
    red, green, blue = image[row, column]
    page = Page(4.2)
    page.image(0.11, 0.34, 8 / 3, image, "image, shape (96, 128, 3)")
    x, y = 0.11 + column / 48, 0.34 + row / 48
    page.frame(x - 0.06, y - 0.06, 0.14, 0.14, color=PAPER, linewidth=2)
    page.text(
        4.45, 0.75, f"image[{row}, {column}]\n= [{red}, {green}, {blue}]", 15, linespacing=1.4
    )
    page.text(4.45, 1.65, "much red,\na little green and blue", 14, linespacing=1.4)
    for channel, (name, color) in enumerate((("red", RED), ("green", GREEN), ("blue", BLUE))):
        x, plane = 0.11 + 2.0 * channel, image[:, :, channel]
        title = f"[:, :, {channel}]  {name}"
        page.image(x, 2.75, 16 / 9, plane, title, cmap="gray", vmin=0, vmax=255)
        page.frame(x, 2.75, 16 / 9, 4 / 3, color=color, linewidth=4)
    page.save("channels", colors=None)


def draw_zero_channel():
    """Show the picture without each of its channels."""
    page = Page(1.78)
    for channel, name in enumerate(("red", "green", "blue")):
        pixels = zero_channel(picture.drawing(), channel)
        page.image(0.11 + 2.0 * channel, 0.36, 16 / 9, pixels, f"without {name}")
    page.save("zero_channel", colors=None)


def draw_overflow():
    """Brighten the picture in bytes, and in floats."""
    image = picture.drawing()
    page = Page(2.5)
    page.image(0.2, 0.38, 8 / 3, image + np.uint8(90), "image + 90, in uint8")
    page.image(3.13, 0.38, 8 / 3, to_uint8(to_float(image) + 90 / 255), "in float, then clipped")
    page.save("overflow", colors=None)


def draw_box_clipped():
    """Draw a box that hangs over the border."""
    image = draw_box(np.zeros((4, 6), dtype=int), -1, 3, 3, 5, 7)
    page = Page(3.9)
    page.text(3.0, 0.2, "draw_box(image, -1, 3, 3, 5, 7)", 15, family="DejaVu Sans Mono")
    page.grid(0.8, 1.2, image, 0.58, 17, fill=shade(image, image == 7, PALE_ORANGE))
    page.frame(0.8 + 3 * 0.58, 1.2 - 0.58, 5 * 0.58, 3 * 0.58, color=ORANGE)
    for i in range(6):
        page.text(1.09 + 0.58 * i, 3.7, str(i), 13, color=BLUE)
    for i in range(4):
        page.text(0.6, 1.49 + 0.58 * i, str(i), 13, color=BLUE)
    page.save("box")


def draw_padding():
    """Show a 3 × 3 image with two rows and columns of padding, in both modes."""
    image = np.arange(1, 10).reshape(3, 3)
    inside = pad2d(np.ones((3, 3)), 2, 2) == 1
    page = Page(3.35)
    for x, mode, color in ((0.05, "zero", RED), (3.15, "reflect", BLUE)):
        padded = pad2d(image, 2, 2, mode)
        page.text(x + 1.4, 0.2, f'mode="{mode}"', 14, family="DejaVu Sans Mono")
        fill, ink = shade(padded, inside, PALE_ORANGE, PALE_GREY), shade(padded, inside, INK, color)
        page.grid(x, 0.45, padded, 0.4, 15, fill=fill, ink=ink)
        page.frame(x + 0.8, 1.25, 1.2, 1.2, color=ORANGE)
    page.save("padding")


def draw_reflection():
    """Show one row between mirrors, and where the mirrors stand."""
    row = np.arange(1, 6)
    right = pad2d(np.stack([row]), 0, 2, "reflect")
    wrong = np.concatenate([row[1::-1], row, row[:-3:-1]])[np.newaxis]
    page = Page(3.5)
    inside = np.abs(np.arange(9) - 4) <= 2
    for y, values, title, color, mirror in (
        (0.85, right, "reflect: the mirror stands on the edge pixel", GREEN, 2.5),
        (2.55, wrong, "not this: the edge pixel appears twice", RED, 2.0),
    ):
        page.text(3.0, y - 0.6, title, 15, color=color)
        for x in (mirror, 9 - mirror):
            for ends in ((y - 0.32, y), (y + 0.6, y + 0.82)):
                page.axes.plot([0.3 + 0.6 * x] * 2, ends, color=color, linewidth=4)
        page.grid(0.3, y, values, 0.6, 17, fill=shade(values, inside, PALE_ORANGE, PALE_GREY))
    page.save("reflection")


def draw_stride():
    """Show where a kernel of 3 stands on 8 pixels, for several strides."""
    page = Page(7.3)
    cell, left = 0.56, 0.2
    y = 0.25
    for stride, padding in ((1, 0), (2, 0), (3, 0), (2, 1)):
        count = output_size(8, 3, stride, padding)
        size = "8" if padding == 0 else f"8 + 2·{padding}"
        words = f"stride {stride}:" if padding == 0 else f"stride {stride}, padding {padding}:"
        page.text(left, y, f"{words}  ⌊({size} − 3) / {stride}⌋ + 1 = {count}", 15, ha="left")
        pixels = np.arange(8)[np.newaxis]
        reached = pixels < (count - 1) * stride + 3 - padding
        start = left + cell
        page.grid(start, y + 0.25, pixels, cell, 15, fill=shade(pixels, reached, PALE_BLUE))
        for x in (left, left + 9 * cell) if padding else ():
            page.frame(x, y + 0.25, cell, cell, color=FAINT, linewidth=1)
            page.text(x + cell / 2, y + 0.25 + cell / 2, "0", 15, color=FAINT)
        for i in range(count):
            x = start + (i * stride - padding) * cell
            line = {"lw": 6, "solid_capstyle": "round", "color": (BLUE, ORANGE, GREEN)[i % 3]}
            page.axes.plot([x + 0.08, x + 3 * cell - 0.08], [y + 0.93 + 0.14 * (i % 3)] * 2, **line)
        y += 1.82
    page.save("stride")


def draw_steps():
    """Show a correlation step by step, at the three places where the kernel fits."""
    result = correlate2d(IMAGE, KERNEL).astype(int)
    page = Page(6.45)
    columns = np.arange(5)
    for step in range(3):
        y = 0.12 + 2.15 * step
        window = (columns >= step) & (columns < step + 3)
        page.grid(0.08, y, IMAGE, 0.45, 15, fill=shade(IMAGE, window, PALE_ORANGE))
        page.frame(0.08 + 0.45 * step, y, 1.35, 1.35, color=ORANGE)
        page.text(2.53, y + 0.675, "⋆", 30)
        page.grid(2.73, y, KERNEL, 0.45, 15, fill=shade(KERNEL, KERNEL != 0, PALE_BLUE))
        page.text(4.25, y + 0.675, "=", 20)
        done = np.arange(3) <= step
        fill, ink = shade(result, done, PALE_GREY), shade(result, done, INK)
        page.grid(4.42, y + 0.425, result, 0.5, 16, fill=fill, ink=ink)
        page.frame(4.42 + 0.5 * step, y + 0.425, 0.5, 0.5, color=ORANGE)
        pairs = zip(KERNEL.flat, IMAGE[:, step : step + 3].flat, strict=True)
        terms = " + ".join(f"{weight}·{pixel}" for weight, pixel in pairs if weight)
        page.text(0.08, y + 1.66, f"{terms} = {result[0, step]}", 16, ha="left")
    page.save("steps")


def draw_flip():
    """Show how a kernel is turned, and what that changes."""
    page = Page(6.95)
    numbered = np.arange(1, 10).reshape(3, 3)
    turns = (
        ("a kernel", numbered),
        ("rows reversed", numbered[::-1]),
        ("columns too", numbered[::-1, ::-1]),
    )
    for x, (title, values) in zip((0.1, 2.325, 4.55), turns, strict=True):
        page.text(x + 0.675, 0.2, title, 14)
        page.grid(x, 0.42, values, 0.45, 16, fill=shade(values, values == 1, PALE_ORANGE))
    page.arrow((1.55, 1.095), (2.22, 1.095))
    page.arrow((3.775, 1.095), (4.445, 1.095))
    page.axes.plot([0.1, 5.9], [2.15, 2.15], color=FAINT, linewidth=1)
    zero = pad2d(IMAGE, 1, 1)
    turned, first = KERNEL[::-1, ::-1], np.arange(3)[:, np.newaxis] == 0
    for y, title, kernel, result, color in (
        (2.5, "correlation lays the kernel on as it is", KERNEL, correlate2d(zero, KERNEL), RED),
        (4.9, "convolution turns it by 180° first", turned, convolve2d(IMAGE, KERNEL), GREEN),
    ):
        page.text(0.1, y, title, 15, ha="left", color=color)
        page.grid(0.1, y + 0.42, kernel, 0.45, 16, fill=shade(kernel, kernel == 2, PALE_ORANGE))
        page.arrow((1.6, y + 1.095), (2.4, y + 1.095), color)
        page.grid(2.55, y + 0.27, result, 0.55, 17, fill=shade(result, first, PALE_BLUE))
        page.frame(2.55, y + 0.27, 2.75, 0.55, color=color)
    page.save("flip")


def draw_kernels():
    """Show three kernels, and what each makes of the same picture."""
    image = to_float(picture.drawing())[4:64, 8:88]
    page = Page(7.75)
    cases = (
        (IDENTITY, "identity", 1),
        (BOX_BLUR, "box blur: 1/9 ×", 9),
        (FIND_EDGES, "find edges", 1),
    )
    for i, (kernel, title, scale) in enumerate(cases):
        y = 0.08 + 2.56 * i
        page.text(0.9, y + 0.3, title, 15)
        page.grid(
            0.12, y + 0.52, kernel * scale, 0.52, 17, fill=shade(kernel, kernel > 0, PALE_BLUE)
        )
        page.arrow((1.8, y + 1.3), (2.4, y + 1.3))
        page.image(2.55, y, 10 / 3, to_uint8(convolve_image(image, kernel)))
    page.save("kernels", colors=None)


def draw_sobel():
    """Show Sobel's two derivatives of the picture, and their length."""
    grey = to_float(picture.drawing()).mean(axis=2)
    brightness = {"cmap": "gray", "vmin": 0, "vmax": 1}
    signed = {"cmap": "PuOr", "vmin": -2, "vmax": 2}
    steepness = {"cmap": "gray_r", "vmin": 0, "vmax": 2}
    page = Page(5.55)
    page.image(0.2, 0.34, 8 / 3, grey, "the picture in grey", **brightness)
    page.image(3.13, 0.34, 8 / 3, gradient_magnitude(grey), "gradient_magnitude", **steepness)
    page.image(0.2, 2.8, 8 / 3, sobel_x(grey), "sobel_x", **signed)
    page.image(3.13, 2.8, 8 / 3, sobel_y(grey), "sobel_y", **signed)
    for x, way in ((1.53, "to the right"), (4.46, "downwards")):
        page.text(x, 5.06, f"violet: brighter {way}", 12, color="#542788")
        page.text(x, 5.34, f"orange: darker {way}", 12, color="#b35806")
    page.save("sobel")


if __name__ == "__main__":
    handout.draw_all(
        draw_cover,
        draw_numbers,
        draw_channels,
        draw_zero_channel,
        draw_overflow,
        draw_box_clipped,
        draw_padding,
        draw_reflection,
        draw_stride,
        draw_steps,
        draw_flip,
        draw_kernels,
        draw_sobel,
    )
