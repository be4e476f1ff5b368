# ruff: noqa: D100
# (a notebook: its first cell says what it is about)

# %% [markdown]
# # Backpropagation, step by step
#
# This notebook goes with the files in this folder. You write the functions there, in
# `graph.py`, `activations.py`, `initialisation.py` and `network.py`; here you check them one
# by one, and look at what they do. `README.md` explains everything at length.
#
# Work from top to bottom: write a function, save the file, run its check. A check that fails
# says what is wrong and gives a hint. When it passes, go on and enjoy the picture.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from activations import (
    elu,
    elu_gradient,
    leaky_relu,
    leaky_relu_gradient,
    relu,
    relu_gradient,
    sigmoid,
    sigmoid_gradient,
    tanh,
    tanh_gradient,
)
from graph import Node, backward, chain_example
from initialisation import xavier_uniform
from network import TwoLayerNet, train, train_xor

from grader.data import available, load
from grader.notebook import check

# %% [markdown]
# ## 1. A graph that differentiates itself
#
# Every operation on a `Node` makes a new node, which remembers its parents and, for each of
# them, how to turn a gradient that arrives here into the parent's share.

# %%
# Write Node here.

# %% [markdown]
# `backward` starts with a 1 at the result and walks to the leaves. No node may pass its
# gradient on before all that use it have reported. Find such an order with a loop: a chain of
# 10 000 nodes is too deep for a function that calls itself.

# %%
# Write backward here.

# %% [markdown]
# The gradients of the operations can only be tried together with `backward`, so check both when
# you have both.

# %%
check("Node")

# %%
check("backward")

# %% [markdown]
# Now the worked example of the handout: C = (w·x + b − target)³, with w = −2, x = −1, b = 3 and
# target 0. By hand it was C = 125 and dC/dw = −75.

# %%
check("chain_example")

# %% [markdown]
# The slope is good for a step. Downhill means *against* it: with learning rate 0.01, w moves
# from −2 to −2 + 0.75 = −1.25.

# %%
w, rate = -2.0, 0.01
cost, slope = chain_example(w, -1.0, 3.0, 0.0)
after = w - rate * slope
lower, _ = chain_example(after, -1.0, 3.0, 0.0)
print(f"C = {cost:g}, dC/dw = {slope:g}; after one step w = {after:g} and C = {lower:.1f}")

ws = np.linspace(-2.6, -0.4, 60)
figure, axes = plt.subplots(figsize=(6, 3.5))
axes.plot(ws, [chain_example(each, -1.0, 3.0, 0.0)[0] for each in ws], label="C(w)")
axes.plot(ws, cost + slope * (ws - w), "--", label="the slope at w = −2")
axes.plot([w, after], [cost, lower], "o", color="black")
axes.set(xlabel="w", ylabel="C", ylim=(0, 180))
axes.legend()
figure.tight_layout()

# %% [markdown]
# ## 2. Between the layers
#
# Two layers with nothing in between are one layer. Something that is not linear has to stand
# between them, and on the way back it multiplies what arrives by its slope **at z**, that is at
# what went *into* it. Each function and its slope have a check of their own.

# %%
check("sigmoid")

# %%
check("sigmoid_gradient")

# %%
check("tanh")

# %%
check("tanh_gradient")

# %%
check("relu")

# %%
check("relu_gradient")

# %%
check("leaky_relu")

# %%
check("leaky_relu_gradient")

# %%
check("elu")

# %%
check("elu_gradient")

# %% [markdown]
# Look at the slopes. Which of them are small nearly everywhere? What happens to a gradient that
# passes twelve such layers on its way back?

# %%
z = np.linspace(-4, 4, 400)
curves = {
    "sigmoid": (sigmoid(z), sigmoid_gradient(z)),
    "tanh": (tanh(z), tanh_gradient(z)),
    "ReLU": (relu(z), relu_gradient(z)),
    "leaky ReLU, alpha 0.15": (leaky_relu(z, 0.15), leaky_relu_gradient(z, 0.15)),
    "ELU": (elu(z), elu_gradient(z)),
}
figure, (above, below) = plt.subplots(2, 1, figsize=(6, 6), sharex=True)
for name, (values, slopes) in curves.items():
    above.plot(z, values, label=name)
    below.plot(z, slopes, label=name)
above.set(ylabel="function", ylim=(-1.5, 4))
below.set(ylabel="slope", xlabel="z")
above.legend()
figure.tight_layout()

# %% [markdown]
# ## 3. Where to begin
#
# All weights alike will not do, as neurons that start alike stay alike. So they are random; but
# how large?

# %%
check("xavier_uniform")

# %% [markdown]
# Six layers of 200 neurons with tanh. With a gain of 0.4 every example soon looks like every
# other; with a gain of 4 nearly all neurons sit at −1 or 1, where the slope is 0.

# %%
rng = np.random.default_rng(0)
signals = rng.normal(size=(300, 200))
gains = (0.4, 1.0, 4.0)
figure, grid = plt.subplots(len(gains), 6, figsize=(9, 4), sharex=True, sharey=True)
for row, gain in zip(grid, gains, strict=True):
    h = signals
    for layer, axes in enumerate(row, start=1):
        h = tanh(h @ xavier_uniform(200, 200, rng, gain=gain))
        axes.hist(h.ravel(), bins=30, range=(-1, 1), density=True)
        axes.set(ylim=(0, 4), yticks=[], title=f"layer {layer}" if gain == gains[0] else "")
    row[0].set(ylabel=f"gain {gain:g}")
figure.tight_layout()

# %% [markdown]
# ## 4. Two layers
#
# For one network you can write down once and for all what would flow back through the graph. It
# is five lines. Write the shape of every array beside it, and only one product fits each time.

# %%
check("TwoLayerNet")

# %% [markdown]
# Training is the loop that you know, with momentum: `v ← momentum·v − learning_rate·g`, then
# `w ← w + v`. The check trains a network for a moment and looks at its accuracy.

# %%
check("train")

# %% [markdown]
# XOR is the oldest objection to networks without a hidden layer: no line separates its points.
# Some starts fail; look at what came out, and begin again, but not for ever.

# %%
check("train_xor")

# %% [markdown]
# This is what your network says between the four points. The border is not a line any more.

# %%
xor = train_xor(np.random.default_rng(0))
side = np.linspace(-0.5, 1.5, 100)
across, up = np.meshgrid(side, side)
plane = np.column_stack([across.ravel(), up.ravel(), np.ones(across.size)])
figure, axes = plt.subplots(figsize=(4.6, 3.8))
shown = axes.contourf(across, up, xor.forward(plane)[:, 1].reshape(across.shape), 20, cmap="PuOr")
axes.plot([0, 1], [0, 1], "o", color="black", markersize=9, label="class 0")
axes.plot([0, 1], [1, 0], "s", color="black", markersize=9, label="class 1")
axes.set(xlabel="first input", ylabel="second input")
axes.legend(loc="upper center", ncols=2)
figure.colorbar(shown, label="probability of class 1")
figure.tight_layout()

# %% [markdown]
# ## 5. Reading digits
#
# MNIST if it is on this machine, and otherwise the smaller digits that come with the grader.

# %%
data = load("mnist" if available("mnist") else "digits")
mean, std = data.train_images.mean(), data.train_images.std()


def rows(images):
    """Return standardised rows of pixels with a 1 at the end of each."""
    pixels = (images.reshape(len(images), -1) - mean) / std
    return np.hstack([pixels, np.ones((len(images), 1))])


X, labels = rows(data.train_images), data.train_labels
X_test, test_labels = rows(data.test_images), data.test_labels
print(f"{data.name}: {X.shape[0]} training examples, {X_test.shape[0]} test examples")

# %%
rng = np.random.default_rng(0)
reader = TwoLayerNet(activation="relu", rng=rng)
start = reader.weights[0].copy()
epochs = 1 if data.name == "mnist" else 10
history = train(reader, X, labels, epochs=epochs, batch_size=50, learning_rate=0.1, rng=rng)
reads = float(np.mean(reader.forward(X_test).argmax(axis=1) == test_labels))
print(f"loss: first {history[0]:.3f}, last {history[-1]:.3f}; accuracy {reads:.4f}")

figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(history, linewidth=0.8)
axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
figure.tight_layout()

# %% [markdown]
# What has a hidden neuron learned to look for? What training has changed of its weights is an
# image again. Not digits, but pieces: a stroke here, and none beside it.

# %%
figure, grid = plt.subplots(2, 8, figsize=(9, 2.6))
for axes, learned in zip(grid.ravel(), (reader.weights[0] - start).T, strict=False):
    limit = np.abs(learned[:-1]).max()
    axes.imshow(learned[:-1].reshape(28, 28), cmap="PuOr", vmin=-limit, vmax=limit)
    axes.axis("off")
figure.tight_layout()

# %% [markdown]
# ## Lab: the same network three times
#
# You have written a network of two layers by hand. Here it is trained three times from the
# same weights on the same batches: by your own NumPy code, with raw PyTorch tensors, and with
# `nn.Module`. If all three are right, their losses agree to ten digits. What differs is who
# does the work.
#
# PyTorch is needed for two of the three; without it their cells say so and do nothing
# (`pip install torch` repairs that).

# %%
try:
    import torch
except ModuleNotFoundError:
    torch = None
    print("PyTorch is not installed: the cells that need it will say so and do nothing.")

# %% [markdown]
# ### The same beginning, and the same batches
#
# One set of weights, and one list of batches, for everybody. Chance is drawn once.

# %%
EPOCHS, BATCH_SIZE, LEARNING_RATE = 1 if data.name == "mnist" else 10, 50, 0.2

first = [w.copy() for w in TwoLayerNet(rng=np.random.default_rng(0)).weights]
rng = np.random.default_rng(1)
batches = [
    chosen
    for _ in range(EPOCHS)
    for chosen in np.split(rng.permutation(len(X)), range(BATCH_SIZE, len(X), BATCH_SIZE))
]
histories, seconds, accuracies = {}, {}, {}


def report(name, history, began, predicted):
    """Keep the losses, the time and the accuracy of one of the three, and print them."""
    seconds[name] = time.perf_counter() - began
    histories[name] = np.array(history)
    accuracies[name] = float(np.mean(predicted == test_labels))
    print(f"{name}: {seconds[name]:.1f} s, accuracy {accuracies[name]:.4f}")


print(f"{len(batches)} batches")

# %% [markdown]
# ### By hand, in NumPy
#
# `net.backward` is yours: you derived every line of it.

# %%
net = TwoLayerNet(rng=np.random.default_rng(0))
net.weights = [w.copy() for w in first]

began, history = time.perf_counter(), []
for batch in batches:
    loss, gradients = net.backward(X[batch], labels[batch])
    history.append(loss)
    net.weights = [w - LEARNING_RATE * g for w, g in zip(net.weights, gradients, strict=True)]
report("NumPy", history, began, net.forward(X_test).argmax(axis=1))

# %% [markdown]
# ### With raw PyTorch tensors
#
# Only the forward pass is written down. `loss.backward()` is what your `backward` is: a walk
# back through the graph that the forward pass has left behind. The update stands in
# `torch.no_grad()`, for a step is no part of the function that is differentiated; and the
# gradients are removed afterwards, for the next call would *add* to them. You know why.

# %%
if torch is None:
    print("not run: PyTorch is not installed")
else:
    tensors, targets = torch.tensor(X), torch.tensor(labels)
    w1, w2 = (torch.tensor(w, requires_grad=True) for w in first)

    began, history = time.perf_counter(), []
    for batch in batches:
        logits = torch.sigmoid(tensors[batch] @ w1) @ w2
        loss = torch.nn.functional.cross_entropy(logits, targets[batch])
        loss.backward()
        history.append(loss.item())
        with torch.no_grad():
            for w in (w1, w2):
                w.sub_(LEARNING_RATE * w.grad)
                w.grad = None
    with torch.no_grad():
        said = (torch.sigmoid(torch.tensor(X_test) @ w1) @ w2).argmax(dim=1)
    report("tensors", history, began, said.numpy())

# %% [markdown]
# ### With nn.Module
#
# The layers know their weights, the optimiser knows the rule, and the loop is the same for
# every network. `nn.Linear` keeps its weights transposed, (out, in), and has a bias of its
# own, which we switch off: ours is the last row of w1.

# %%
if torch is None:
    print("not run: PyTorch is not installed")
else:
    model = torch.nn.Sequential(
        torch.nn.Linear(X.shape[1], first[0].shape[1], bias=False),
        torch.nn.Sigmoid(),
        torch.nn.Linear(*first[1].shape, bias=False),
    ).double()
    with torch.no_grad():
        for layer, w in zip((model[0], model[2]), first, strict=True):
            layer.weight.copy_(torch.tensor(w.T))
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    began, history = time.perf_counter(), []
    for batch in batches:
        loss = torch.nn.functional.cross_entropy(model(tensors[batch]), targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    with torch.no_grad():
        said = model(torch.tensor(X_test)).argmax(dim=1)
    report("nn.Module", history, began, said.numpy())

# %% [markdown]
# ### Do they agree?
#
# Three programs, one function. The differences come from the order in which numbers are
# added up, and grow a little with every step. Losses that agree at first and then drift
# apart in the third digit would be a mistake.

# %%
for name, history in histories.items():
    difference = np.abs(history - histories["NumPy"])
    print(f"{name}: first step {difference[0]:.1e}, largest difference {difference.max():.1e}")

window = max(1, len(batches) // 60)
figure, axes = plt.subplots(figsize=(6, 3.5))
for (name, history), width in zip(histories.items(), (7, 4, 1.5), strict=False):
    means = np.convolve(history, np.ones(window) / window, "valid")
    axes.plot(means, linewidth=width, label=name)
axes.set(xlabel="step", ylabel="loss, averaged over neighbours", ylim=(0, None))
axes.legend()
figure.tight_layout()

# %% [markdown]
# ### And a fourth time
#
# Your own graph can do what `loss.backward()` does. It is too slow to train with, as it makes
# new nodes for every operation of every batch, but its gradient of one batch must be the same.

# %%
batch = batches[0]
w1_node, w2_node = (Node(w) for w in first)
hidden = (1 + (-Node(X[batch]).matmul(w1_node)).exp()) ** -1
logits = hidden.matmul(w2_node)
right = np.eye(logits.value.shape[1])[labels[batch]]
log_sums = logits.exp().sum(axis=1).log()
backward((log_sums - (right * logits).sum(axis=1)).sum() * (1 / len(batch)))

net.weights = first
_, (dw1, dw2) = net.backward(X[batch], labels[batch])
print(f"dw1: {np.abs(w1_node.gradient - dw1).max():.1e}")
print(f"dw2: {np.abs(w2_node.gradient - dw2).max():.1e}")

# %% [markdown]
# ### To try
#
# * Leave out `w.grad = None` in the part with raw tensors. What happens to the loss, and why?
# * Write `w = w - LEARNING_RATE * w.grad` there instead of `w.sub_(…)`, which changes w in
#   place. Why does nothing learn any more?
# * Give all three ReLU instead of sigmoid. What else has to be changed, and in which of them?
# * Add momentum 0.9 to all three. In the third it is one word. Do the losses still agree?
# * Use float32 for the tensors (`torch.tensor(X, dtype=torch.float32)`, and no `.double()`).
#   How much faster is it, and how far do the losses drift apart?
