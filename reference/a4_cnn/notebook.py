# ruff: noqa: D100
# (a notebook: its first cell says what it is about)

# %% [markdown]
# # Convolutional networks, step by step
#
# This notebook goes with the files in this folder. You write the functions there, in
# `layers.py`, `tensors.py`, `model.py` and `training.py`; here you check them one by one, and
# look at what they do. `README.md` explains everything at length.
#
# Work from top to bottom: write a function, save the file, run its check. A check that fails
# says what is wrong and gives a hint. When it passes, go on and enjoy the picture.

# %%
import time
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from layers import (
    col2im,
    conv_backward,
    conv_forward,
    im2col,
    max_pool_backward,
    max_pool_forward,
)
from model import SmallCNN, build_sequential, count_parameters
from PIL import Image
from tensors import images_to_tensor, polynomial_gradient, to_device, two_layer_step
from torchvision.models import ResNet18_Weights, resnet18
from training import evaluate, fit, make_loader, train_epoch

from grader.data import available, load
from grader.notebook import check

# %% [markdown]
# The images: MNIST if it is on this machine, and otherwise the smaller digits that come with
# the grader. A part of them is enough for this notebook.

# %%
data = load("mnist" if available("mnist") else "digits")
images, labels = data.train_images[:6000], data.train_labels[:6000]
test_images, test_labels = data.test_images[:2000], data.test_labels[:2000]
print(f"{data.name}: {len(images)} images to train on, {len(test_images)} to test on")


def show(pictures, titles=(), *, columns=8, **style):
    """Show pictures in rows, with titles above those that have one."""
    rows, side = -(-len(pictures) // columns), min(9 / columns, 2.2)
    size = side * columns, (side + 0.25) * rows
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for axes in grid.ravel():
        axes.axis("off")
    for axes, picture in zip(grid.ravel(), pictures, strict=False):
        axes.imshow(picture, **{"cmap": "gray"} | style)
    for axes, title in zip(grid.ravel(), titles, strict=False):
        axes.set_title(title, fontsize=10)
    figure.tight_layout()


# %% [markdown]
# ## 1. Two layers by hand
#
# Every window becomes a column. Then a convolution is one product of matrices.

# %%
check("im2col")

# %% [markdown]
# A digit as its windows: im2col with a window of 7 × 7 and a stride of 7. Each column is one
# piece of the image.

# %%
digit = test_images[:1, np.newaxis]
pieces = im2col(digit, 7, 7, 7, 0)[0].T.reshape(-1, 7, 7)
show(pieces, [f"column {k}" for k in range(len(pieces))], vmin=0, vmax=255)

# %% [markdown]
# On the way back every column goes to where it came from, and what meets there is added. This
# is not the inverse of `im2col`, but its adjoint.

# %%
check("col2im")

# %% [markdown]
# In how many windows does each pixel lie? Columns full of ones say it. Without overlap, in
# one; and where the stride does not divide, some pixels lie in none.

# %%
sizes = ((3, 1), (5, 2), (4, 4), (5, 5))
counts = []
for size, step in sizes:
    ones = np.ones_like(im2col(digit, size, size, step, 0))
    counts.append(col2im(ones, digit.shape, size, size, step, 0)[0, 0])
names = [f"window {size}, stride {step}" for size, step in sizes]
show(counts, names, columns=4, cmap="viridis", vmin=0)

# %% [markdown]
# Now the convolution, and its three gradients. Write the shapes beside everything.

# %%
check("conv_forward")

# %%
check("conv_backward")

# %% [markdown]
# Sobel's two filters from the first assignment, with your new layer. They see the sides of the
# strokes, one those that stand and the other those that lie.

# %%
sobel = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
filters = np.stack([sobel, sobel.T])[:, np.newaxis]
edges, _ = conv_forward(digit / 255, filters, np.zeros(2), 1, 1)
show([digit[0, 0], *edges[0]], ["the image", "Sobel x", "Sobel y"], columns=3)

# %%
check("max_pool_forward")

# %%
check("max_pool_backward")

# %% [markdown]
# What reaches the image, if a 1 arrives at every maximum? With overlapping windows, bright
# pixels win more than once.

# %%
pooled, cache = max_pool_forward(digit / 255, 3, 2)
reached = max_pool_backward(np.ones_like(pooled), cache)
show([digit[0, 0], pooled[0, 0], reached[0, 0]], ["x", "pooled", "gradient"], columns=3)
print(f"{np.count_nonzero(reached)} pixels are reached, one of them {reached.max():.0f} times")

# %% [markdown]
# Does PyTorch agree, and who is faster? It has had more time to optimise.

# %%
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(32, 8, 28, 28)), rng.normal(size=(16, 8, 3, 3)), rng.normal(size=16)
began = time.perf_counter()
out, cache = conv_forward(x, w, b, 1, 1)
dout = rng.normal(size=out.shape)
mine = conv_backward(dout, cache)
between = time.perf_counter()
leaves = [torch.tensor(array, requires_grad=True) for array in (x, w, b)]
torch.nn.functional.conv2d(*leaves, padding=1).backward(torch.tensor(dout))
after = time.perf_counter()
for name, gradient, leaf in zip(("dx", "dw", "db"), mine, leaves, strict=True):
    print(f"{name}: largest difference {np.abs(gradient - leaf.grad.numpy()).max():.1e}")
print(f"yours {between - began:.3f} s, PyTorch {after - between:.3f} s")

# %% [markdown]
# ## 2. Tensors
#
# A tensor remembers what it was computed from. `backward` walks back, as in your own graph.

# %%
check("polynomial_gradient")

# %% [markdown]
# The polynomial, and the slopes that autograd finds. At 3 it is 53.

# %%
places = np.linspace(-4, 2, 61)
slopes = [polynomial_gradient(float(place)) for place in places]
figure, axes = plt.subplots(figsize=(6, 3.2))
axes.plot(places, places**3 + 4 * places**2 + 2 * places + 6, label="x³ + 4x² + 2x + 6")
axes.plot(places, slopes, label="its slope, by autograd")
axes.axhline(0, color="gray", linewidth=0.8)
axes.set(xlabel="x")
axes.legend()
figure.tight_layout()

# %% [markdown]
# One step of gradient descent by hand: the step stands under `torch.no_grad()`, changes the
# weights where they are, and no gradient is left over.

# %%
check("two_layer_step")

# %% [markdown]
# A hundred such steps on one batch. If gradients were left over from step to step, the curve
# would swing.

# %%
batch = torch.tensor(images[:200] / 255, dtype=torch.float32).flatten(1)
right = torch.tensor(labels[:200])
generator = torch.Generator().manual_seed(0)
w1 = (0.1 * torch.randn(784, 32, generator=generator)).requires_grad_()
w2 = (0.1 * torch.randn(32, 10, generator=generator)).requires_grad_()
losses = [two_layer_step(w1, w2, batch, right, 0.5) for _ in range(100)]
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(losses)
axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
figure.tight_layout()

# %%
check("to_device")

# %%
device = "cuda" if torch.cuda.is_available() else "cpu"
print(f"here the device is {device}; {to_device({'x': torch.zeros(2)})}")

# %%
check("images_to_tensor")

# %% [markdown]
# ## 3. Networks as modules
#
# Follow the shapes: 28, 28, 14, 12, 6. The mystery size is 64 · 6 · 6 = 2304.

# %%
check("SmallCNN")

# %%
check("build_sequential")

# %% [markdown]
# A network that does not fit, and what you say about it. Does the sentence tell where to look?

# %%
try:
    build_sequential(
        [
            {"layer": "Conv2d", "in_channels": 1, "out_channels": 8, "kernel_size": 5},
            {"layer": "Flatten"},
            {"layer": "Linear", "in_features": 4600, "out_features": 10},
        ],
        input_shape=(1, 28, 28),
    )
except ValueError as error:
    print(error)

# %%
check("count_parameters")

# %%
for parameter in SmallCNN().parameters():
    print(f"{tuple(parameter.shape)!s:18} {parameter.numel():6}")
print(f"together {count_parameters(SmallCNN()):16}")

# %% [markdown]
# ## 4. Training

# %%
check("make_loader")

# %% [markdown]
# One batch, as the network gets it. Do the labels belong to the images?

# %%
some, theirs = next(iter(make_loader(images, labels, 16, shuffle=True)))
show(some[:, 0].numpy(), [str(label.item()) for label in theirs])

# %%
check("train_epoch")

# %%
check("evaluate")

# %% [markdown]
# And now against the clock. This check trains a network, and takes its time.

# %%
check("fit")

# %%
began = time.perf_counter()
reader = fit(images, labels, seconds=10)
took = time.perf_counter() - began
reader = to_device(reader, "cpu")  # where the images of the next cells are
reads = evaluate(reader, test_images, test_labels)
print(f"{took:.1f} s, {count_parameters(reader)} parameters, accuracy {reads:.4f}")

# %% [markdown]
# How far may a digit be shifted? A network of dense layers would be lost after two or three
# pixels. Yours has an advantage. But its last layer still knows *where* things were, unless you
# have averaged that away.

# %%
shifts = np.arange(7)
found = [evaluate(reader, np.roll(test_images, shift, axis=2), test_labels) for shift in shifts]
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(shifts, found, "o-")
axes.set(xlabel="pixels to the right", ylabel="accuracy", ylim=(0, 1.02))
figure.tight_layout()

# %% [markdown]
# Which ones does it get wrong? Say honestly whether you would have known.

# %%
reader.eval()
with torch.no_grad():
    said = reader(images_to_tensor(test_images)).argmax(dim=1).numpy()
wrong = np.flatnonzero(said != test_labels)[:16]
if len(wrong):
    show(test_images[wrong], [f"{said[k]}, not {test_labels[k]}" for k in wrong])
else:
    print("none at all")

# %% [markdown]
# ## Lab: filters and feature maps
#
# Your `SmallCNN`, trained for three epochs. What has become of its first filters?

# %%
torch.manual_seed(1)
model = SmallCNN()
before = next(model.parameters()).detach().clone().numpy()[:, 0]
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
loader = make_loader(images[:3000], labels[:3000], 64, shuffle=True)
for epoch in range(3):
    loss = train_epoch(model, loader, optimizer)
    print(f"epoch {epoch + 1}: loss {loss:.3f}")
print(f"accuracy {evaluate(model, test_images, test_labels):.4f}")

# %%
after = next(model.parameters()).detach().numpy()[:, 0]
limit = np.abs(after).max()
show(before[:16], ["before"], cmap="PuOr", vmin=-limit, vmax=limit)
show(after[:16], ["after"], cmap="PuOr", vmin=-limit, vmax=limit)

# %% [markdown]
# A feature map is what one filter says at every position. These are the maps of the first
# convolution, and then those of the second, for one digit. They are computed from the
# parameters, which come in the order of the layers.

# %%
w1, b1, w2, b2, *_ = model.parameters()
with torch.no_grad():
    first = torch.nn.functional.conv2d(images_to_tensor(test_images[:1]), w1, b1, padding=1).relu()
    second = torch.nn.functional.conv2d(torch.nn.functional.max_pool2d(first, 2), w2, b2).relu()
show(first[0, :16].numpy(), ["first"])
show(second[0, :16].numpy(), ["second"])

# %% [markdown]
# ## Lab: batches of 10 against batches of 1024
#
# The same network, the same images, the same number of epochs. Time per epoch, loss, and
# accuracy: which is better? And which learning rate lets the large batch catch up?
#
# This takes a minute or two. If you have the time, take all images, and more epochs.

# %%
EPOCHS = 5 if data.name == "mnist" else 15
TRIALS = ((10, 0.001), (1024, 0.001), (1024, 0.003), (1024, 0.01), (1024, 0.03))

DESCRIPTION = """
layer = [
    { layer = "Conv2d", in_channels = 1, out_channels = 8, kernel_size = 5, stride = 2 },
    { layer = "BatchNorm2d", num_features = 8 },
    { layer = "ReLU" },
    { layer = "Conv2d", in_channels = 8, out_channels = 16, kernel_size = 3, stride = 2 },
    { layer = "BatchNorm2d", num_features = 16 },
    { layer = "ReLU" },
    { layer = "Flatten" },
    { layer = "Linear", in_features = 400, out_features = 10 },
]
"""

curves = {}
print("batch size  learning rate  steps/epoch  seconds/epoch   loss  accuracy")
for batch_size, rate in TRIALS:
    torch.manual_seed(1)
    network = build_sequential(DESCRIPTION, input_shape=(1, 28, 28))
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    loader = make_loader(images, labels, batch_size, shuffle=True)
    began = time.perf_counter()
    curve = [train_epoch(network, loader, optimizer) for _ in range(EPOCHS)]
    seconds = (time.perf_counter() - began) / EPOCHS
    curves[f"{batch_size}, rate {rate:g}"] = curve
    row = f"{batch_size:10} {rate:14g} {len(loader):12} {seconds:14.2f} {curve[-1]:6.3f}"
    print(f"{row} {evaluate(network, test_images, test_labels):9.4f}")

# %%
figure, axes = plt.subplots(figsize=(8, 4))
for name, curve in curves.items():
    axes.semilogy(range(1, EPOCHS + 1), curve, "o-", markersize=4, label=name)
axes.set(xlabel="epoch", ylabel="training loss")
axes.legend(title="batch size, learning rate", loc="upper left", bbox_to_anchor=(1, 1))
figure.tight_layout()

# %% [markdown]
# * How many *steps* does each of them take? Draw the curves against steps instead of epochs.
# * Give the large batch as much *time* as the small one. Who wins now?
# * At which learning rate does the large batch become worse again? And the small one?
# * On a GPU, how long does an epoch take for either of them? (`network = to_device(network)`
#   before the optimizer is made; and `train_epoch` has to move each batch.)

# %% [markdown]
# ## Lab: a network that others have trained
#
# ResNet-18 has 11.7 million parameters, and was trained on more than a million photographs of a
# thousand kinds of things. This cell downloads nothing: if the weights are not on your disk, it
# says where they can be had and where to put them. Put a photograph of yours beside this
# notebook, as `photograph.jpg`.

# %%
weights = ResNet18_Weights.DEFAULT
stored = Path(torch.hub.get_dir(), "checkpoints", Path(weights.url).name)
photograph = Path("photograph.jpg")
if not stored.is_file():
    print(f"not run: the weights are not on this machine (45 MB).\nSave {weights.url}\nas {stored}")
elif not photograph.is_file():
    print(f"not run: there is no photograph. Put one here:\n{photograph.resolve()}")
else:
    resnet = resnet18()
    resnet.load_state_dict(torch.load(stored, weights_only=True))
    resnet.eval()
    picture = Image.open(photograph).convert("RGB")
    with torch.no_grad():
        logits = resnet(weights.transforms()(picture).unsqueeze(0))
    best = logits.softmax(dim=1)[0].topk(5)
    for p, kind in zip(best.values.tolist(), best.indices.tolist(), strict=True):
        print(f"{p:6.1%}  {weights.meta['categories'][kind]}")
    filters = resnet.conv1.weight.detach().permute(0, 2, 3, 1).numpy()
    low, high = filters.min(), filters.max()
    show([picture], columns=1)
    show((filters[:32] - low) / (high - low), ["7 × 7"])

# %% [markdown]
# Below the photograph are the first filters of that network, in colour. Compare them with those
# of your own: edges again, in all directions, and spots of colour.
#
# ### To try
#
# * Give it a drawing, a photograph upside down, or one with two things in it. How sure is it?
# * Replace its last layer by `torch.nn.Linear(512, 2)`, freeze all others by
#   `requires_grad_(False)`, and teach it two kinds of things of your own with twenty pictures of
#   each. What does `count_parameters` say now?
# * What does `evaluate` say if you forget `model.eval()` in it, for a network with batch
#   normalisation? And for `SmallCNN`?
