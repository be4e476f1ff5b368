# ruff: noqa: D100
# (a notebook: its first cell says what it is about)

# %% [markdown]
# # Images, padding and convolution, step by step
#
# This notebook goes with the files in this folder. You write the functions there, in
# `images.py`, `padding.py`, `convolution.py` and `edges.py`; here you check them one by one, and
# look at what they do. `README.md` explains everything at length.
#
# Work from top to bottom: write a function, save the file, run its check. A check that fails
# says what is wrong and gives a hint. When it passes, go on and enjoy the picture.

# %%
import matplotlib.pyplot as plt
import numpy as np
from convolution import convolve2d, convolve_image, correlate2d, output_size
from edges import gradient_magnitude, sobel_x, sobel_y
from images import (
    draw_box,
    gray_to_rgb,
    to_channels_first,
    to_channels_last,
    to_float,
    to_uint8,
    zero_channel,
)
from padding import pad2d
from PIL import Image, ImageFilter

from grader.data.picture import drawing
from grader.notebook import check

lighthouse = drawing()


def show(*images, titles=(), **options):
    """Draw images side by side."""
    figure, grid = plt.subplots(1, len(images), figsize=(3 * len(images), 2.6), squeeze=False)
    for axes, image in zip(grid[0], images, strict=True):
        axes.imshow(image, **options)
        axes.axis("off")
    for axes, title in zip(grid[0], titles, strict=False):
        axes.set_title(title, fontsize=10)
    figure.tight_layout()


# %% [markdown]
# ## 1. Images are arrays
#
# This is the picture that we work on. To the computer it is an array of bytes, with a row, a
# column and a channel: `image[row, column, channel]`. Rows are counted downwards.

# %%
print(lighthouse.shape, lighthouse.dtype, "the pixel at row 42, column 42:", lighthouse[42, 42])
show(lighthouse)

# %% [markdown]
# A byte goes from 0 to 255; we like to compute with floats from 0 to 1.

# %%
check("to_float")

# %% [markdown]
# On the way back, first clip and then round. A byte cannot hold 300: it would become 44.

# %%
check("to_uint8")

# %% [markdown]
# Here is what happens to whoever forgets. Both pictures are made brighter by 90: on the left in
# bytes, where the sun wraps around to black; on the right in floats.

# %%
show(
    lighthouse + np.uint8(90),
    to_uint8(to_float(lighthouse) + 90 / 255),
    titles=["in bytes", "in floats, then clipped"],
)

# %% [markdown]
# A colour image has three channels, and a grey one has none. Repeat it, and it has three.

# %%
check("gray_to_rgb")

# %% [markdown]
# Which colour is left when one channel is 0? Guess before you look.

# %%
check("zero_channel")

# %%
show(
    *(zero_channel(lighthouse, channel) for channel in range(3)),
    titles=["without red", "without green", "without blue"],
)

# %% [markdown]
# A box may hang over the border. Then only the part inside is drawn. Mind negative indices: to
# Python, row −1 is the *last* one.

# %%
check("draw_box")

# %%
grey = to_uint8(to_float(lighthouse).mean(axis=2))
show(
    draw_box(lighthouse, 40, 38, 24, 12, (255, 255, 0)),
    draw_box(gray_to_rgb(grey), -10, 100, 40, 60, (206, 52, 46)),
    titles=["a box on the tower", "a box over two borders"],
)

# %% [markdown]
# PyTorch wants the channels first, images and NumPy have them last. The axes change places, and
# the numbers stay what they are: `reshape` would give the right shape and the wrong picture.

# %%
check("to_channels_first")

# %%
check("to_channels_last")

# %%
batch = np.stack([lighthouse, 255 - lighthouse])
first = to_channels_first(batch)
print(batch.shape, "→", first.shape, "→", to_channels_last(first).shape)
show(*first[0], titles=["red", "green", "blue"], cmap="gray", vmin=0, vmax=255)

# %% [markdown]
# ## 2. A frame around the image
#
# Soon a kernel will reach over the border. Padding says what lies there: zeros, or the image in
# a mirror. The mirror stands *on* the edge pixels, which are not repeated.

# %%
check("pad2d")

# %%
numbers = np.arange(1, 10).reshape(3, 3)
print(pad2d(numbers, 1, 2), pad2d(numbers, 1, 2, "reflect"), sep="\n\n")
show(pad2d(grey, 20, 20), pad2d(grey, 20, 20, "reflect"), titles=["zero", "reflect"], cmap="gray")

# %% [markdown]
# ## 3. Sliding a kernel
#
# How many places does a kernel have on an axis? Count the steps, and the place where it began.

# %%
check("output_size")

# %% [markdown]
# The first question of the quiz: a kernel of 5 with stride 3 on 20 pixels. Guess, then run it.

# %%
print(output_size(20, 5, stride=3))

# %% [markdown]
# Lay the kernel on the image, multiply what lies on top of each other, add up, move on: that is
# a correlation. A loop over the elements of the *kernel* is the fast way, for they are few.

# %%
check("correlate2d")

# %% [markdown]
# A convolution turns the kernel by 180° first. The worked example, from which the first row
# without padding is 33, 38, 43:

# %%
check("convolve2d")

# %%
image = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
kernel = np.array([[0, 1, 0], [1, 0, 1], [0, 2, 0]])
print(convolve2d(image, kernel, "valid"), convolve2d(image, kernel), sep="\n\n")

# %% [markdown]
# Convolve a single bright pixel, and out comes the kernel itself. A correlation leaves it upside
# down. This is the quickest way to see whether a kernel was turned.

# %%
dot = np.zeros((7, 9))
dot[3, 4] = 1
arrow = np.array([[0, 0, 1, 0, 0], [0, 1, 1, 1, 0], [1, 0, 1, 0, 1], [0, 0, 1, 0, 0]])
show(
    arrow,
    convolve2d(dot, arrow),
    correlate2d(pad2d(dot, 2, 2), arrow),
    titles=["the kernel", "convolution", "correlation"],
    cmap="gray",
)

# %% [markdown]
# For a colour image, each channel is convolved by itself.

# %%
check("convolve_image")

# %% [markdown]
# Three kernels that every image program has. Box blur: a mean of nine pixels, and a darker rim
# where the zeros of the padding come in. Find edges: the weights sum to 0, so that a flat area
# turns black.

# %%
identity = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
box_blur = np.full((3, 3), 1 / 9)
find_edges = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
show(
    *(
        np.clip(convolve_image(to_float(lighthouse), kernel), 0, 1)
        for kernel in (identity, box_blur, find_edges)
    ),
    titles=["identity", "box blur", "find edges"],
)

# %% [markdown]
# The image library Pillow has the last one, too. Are its numbers the same as yours? The
# outermost pixels are left out: Pillow copies them.

# %%
theirs = np.asarray(Image.fromarray(lighthouse).filter(ImageFilter.FIND_EDGES))
yours = to_uint8(convolve_image(to_float(lighthouse), find_edges))
print("the same as Pillow's:", (yours[1:-1, 1:-1] == theirs[1:-1, 1:-1]).all())

# %% [markdown]
# ## 4. Finding edges
#
# An edge is where brightness changes quickly, and change is a difference. `sobel_x` is positive
# where it gets brighter to the right, `sobel_y` where it gets brighter downwards.

# %%
check("sobel_x")

# %%
check("sobel_y")

# %% [markdown]
# Together the two are an arrow, which points to where it gets brighter. Its length does not care
# about the direction.

# %%
check("gradient_magnitude")

# %% [markdown]
# Find the walls of the tower, its stripes, the horizon and the round sun. Which of them does
# `sobel_x` see, which `sobel_y`, and which do both?

# %%
brightness = to_float(lighthouse).mean(axis=2)
show(
    sobel_x(brightness),
    sobel_y(brightness),
    titles=["sobel_x", "sobel_y"],
    cmap="PuOr",
    vmin=-2,
    vmax=2,
)
show(gradient_magnitude(brightness), titles=["gradient magnitude"], cmap="gray_r")

# %% [markdown]
# ## To try
#
# None of these is graded.
#
# * Sharpen: `0 −1 0 / −1 5 −1 / 0 −1 0`. Its weights sum to 1; what does that keep?
# * Motion blur: `np.eye(9) / 9`. Which way did the camera move?
# * Blur twice, or find edges in what you blurred. Does the order matter? It does not for
#   convolutions; try it with correlations and kernels that have no symmetry.
# * Load a photograph of your own: `np.asarray(Image.open("photo.jpg"))`.
