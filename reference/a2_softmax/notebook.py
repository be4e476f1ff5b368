# ruff: noqa: D100
# (a notebook: its first cell says what it is about)

# %% [markdown]
# # A reader of digits, step by step
#
# This notebook goes with the files in this folder. You write the functions there, in
# `preprocessing.py`, `losses.py`, `regression.py` and `descent.py`; here you check them one by
# one, and look at what they do. `README.md` explains everything at length.
#
# Work from top to bottom: write a function, save the file, run its check. A check that fails
# says what is wrong and gives a hint. When it passes, go on and enjoy the picture.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from descent import (
    gradient_descent_step,
    linear_gradient,
    linear_gradient_loops,
    numerical_gradient,
    train,
)
from losses import cross_entropy, cross_entropy_gradient, softmax
from preprocessing import minibatches, one_hot, preprocess, train_validation_split
from regression import accuracy, forward, loss_and_gradient

from grader.data import available, load
from grader.notebook import check

# %% [markdown]
# ## 1. From images to a matrix
#
# MNIST if it is on this machine, and otherwise the smaller digits that come with the grader
# (`grader data fetch mnist` gets MNIST).

# %%
data = load("mnist" if available("mnist") else "digits")
print(f"{data.name}: images {data.train_images.shape}, labels {data.train_labels.shape}")

figure, grid = plt.subplots(1, 10, figsize=(9, 1.3))
for axes, image, label in zip(grid, data.train_images, data.train_labels, strict=False):
    axes.imshow(image, cmap="gray_r")
    axes.set_title(label)
    axes.axis("off")

# %% [markdown]
# An image becomes one row: flattened, standardised with the mean and the standard deviation of
# the *training* images, and with a 1 at the end, whose weight is the bias.

# %%
check("preprocess")

# %%
mean, std = data.train_images.mean(), data.train_images.std()
X_all = preprocess(data.train_images, mean, std)
X_test = preprocess(data.test_images, mean, std)
print(f"X has shape {X_all.shape}; pixels from {X_all[:, :-1].min():.2f} to {X_all.max():.2f}")

# %% [markdown]
# For formulas a label becomes a row with a single 1. A label of −1 must raise an error: to
# Python it is a valid index, that of the last class.

# %%
check("one_hot")

# %%
print(one_hot(np.array([2, 0]), 4))

# %% [markdown]
# Some of the training images are put aside, to choose what is not learned: they are the
# validation images. The test images are looked at once, in the end.

# %%
check("train_validation_split")

# %%
rng = np.random.default_rng(0)
X, labels, X_validation, validation_labels = train_validation_split(
    X_all, data.train_labels, 0.1, rng
)
print(f"{len(X)} teach, {len(X_validation)} choose, {len(X_test)} judge")

# %% [markdown]
# Each epoch is dealt out in small batches, in a new order. What is left over is a batch, too.

# %%
check("minibatches")

# %%
for X_batch, y_batch in minibatches(np.arange(10.0).reshape(10, 1), np.arange(10), 4, rng):
    print(X_batch.shape, y_batch)

# %% [markdown]
# ## 2. How wrong is it?
#
# Softmax turns scores into probabilities. Only differences matter, so subtract the largest score
# of each row first: exp(1000) is too large for a float.

# %%
check("softmax")

# %%
print(softmax(np.array([[2.0, 1.0, -1.0], [1002.0, 1001.0, 999.0]])).round(3))

# %% [markdown]
# Cross-entropy is −log p, where p is the probability of the class that is right. With no idea
# about ten classes it is log 10 = 2.303. Remember this number.

# %%
check("cross_entropy")

# %%
scores = np.column_stack([np.linspace(-5, 8, 200), np.zeros(200)])
losses = [cross_entropy(row[np.newaxis], np.array([0])) for row in scores]
figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(softmax(scores)[:, 0], losses)
axes.plot(0.1, np.log(10), "o", label="ten classes and no idea")
axes.set(xlabel="probability of the right class", ylabel="loss, in nats")
axes.legend()
figure.tight_layout()

# %% [markdown]
# Its gradient with respect to the logits is what the model believes, minus what is true, divided
# by N. Descent goes against it: the logit of the right class goes up, and the more a wrong class
# was believed, the further it goes down.

# %%
check("cross_entropy_gradient")

# %%
scores = np.array([[2.0, 1.0, -1.0]])
print("right class 0:", cross_entropy_gradient(scores, np.array([0])).round(3))
print("right class 1:", cross_entropy_gradient(scores, np.array([1])).round(3))

# %% [markdown]
# ## 3. The model
#
# One product of matrices and a softmax: this is the whole model.

# %%
check("forward")

# %% [markdown]
# Its gradient is a product of matrices as well; the shapes tell which. With `l2`, large weights
# cost something. The bias is free.

# %%
check("loss_and_gradient")

# %% [markdown]
# The model says the class with the largest probability.

# %%
check("accuracy")

# %% [markdown]
# With weights of zero every class is equally likely. The loss must be 2.303, and it is right
# about one time in ten.

# %%
zeros = np.zeros((785, 10))
loss, gradient = loss_and_gradient(zeros, X[:500], labels[:500])
print(f"loss {loss:.3f}, accuracy {accuracy(forward(X[:500], zeros), labels[:500]):.2f}")

# %% [markdown]
# The first gradient is already ten pictures. A step goes against it: red pixels will speak
# against the digit, blue ones for it.

# %%
figure, grid = plt.subplots(1, 10, figsize=(9, 1.3))
for digit, axes in enumerate(grid):
    pixels = gradient[:-1, digit].reshape(28, 28)
    limit = np.abs(pixels).max()
    axes.imshow(pixels, cmap="RdBu_r", vmin=-limit, vmax=limit)
    axes.set_title(digit)
    axes.axis("off")

# %% [markdown]
# ## 4. Walking downhill
#
# A slope can be measured: add a little, subtract a little, look at the difference. That is slow
# and honest, and so it is how we find out whether a derivation was right.

# %%
check("numerical_gradient")

# %%
few = np.random.default_rng(1)
w_small, X_small, y_small = (
    few.normal(size=(6, 3)),
    few.normal(size=(20, 6)),
    few.integers(3, size=20),
)
measured = numerical_gradient(lambda w: loss_and_gradient(w, X_small, y_small, 0.1)[0], w_small)
derived = loss_and_gradient(w_small, X_small, y_small, 0.1)[1]
print(f"largest difference between measured and derived: {np.abs(measured - derived).max():.1e}")

# %% [markdown]
# One step: against the gradient, and into a *new* array.

# %%
check("gradient_descent_step")

# %% [markdown]
# The same bowl three times, with 20 steps each. It is eight times steeper in one direction than
# in the other, and the steep one limits the learning rate.

# %%
steepness = np.array([1.0, 8.0])
side = np.linspace(-3.2, 3.2, 80)
across, up = np.meshgrid(side, side)
figure, grid = plt.subplots(1, 3, figsize=(9, 3.2), sharey=True)
for axes, rate in zip(grid, (0.02, 0.2, 0.255), strict=True):
    path = [np.array([-2.8, 1.2])]
    for _ in range(20):
        path.append(gradient_descent_step(path[-1], steepness * path[-1], rate))
    axes.contour(across, up, across**2 + 8 * up**2, 12, colors="lightgray")
    axes.plot(*np.array(path).T, "o-", markersize=3)
    axes.set(title=f"learning rate {rate:g}", xlim=(-3.2, 3.2), ylim=(-3.2, 3.2))
figure.tight_layout()

# %% [markdown]
# Now a simpler model, twice: once with a loop over the weights, as the formula reads, and once
# as a product of matrices.

# %%
check("linear_gradient_loops")

# %%
check("linear_gradient")

# %%
inputs, outputs = few.normal(size=(100, 784)), few.normal(size=(100, 1))
targets = few.normal(size=(100, 1))
for function in (linear_gradient_loops, linear_gradient):
    began = time.perf_counter()
    for _ in range(5):
        function(inputs, outputs, targets)
    print(f"{function.__name__}: {(time.perf_counter() - began) / 5 * 1e3:.2f} ms")

# %% [markdown]
# ## Training
#
# All parts together. The check trains a model for a moment and looks at its accuracy.

# %%
check("train")

# %%
epochs = 2 if data.name == "mnist" else 20
rng = np.random.default_rng(0)
w, history = train(X, labels, epochs=epochs, batch_size=50, learning_rate=0.05, rng=rng)
right = accuracy(forward(X_validation, w), validation_labels)
print(f"loss: first {history[0]:.3f}, last {history[-1]:.3f}; validation accuracy {right:.4f}")

figure, axes = plt.subplots(figsize=(6, 3))
axes.plot(history, linewidth=0.6)
axes.set(xlabel="step", ylabel="loss", ylim=(0, None))
figure.tight_layout()

# %% [markdown]
# The columns of w are images again: what speaks for a digit (blue), and what speaks against it
# (red).

# %%
figure, grid = plt.subplots(1, 10, figsize=(9, 1.3))
for digit, axes in enumerate(grid):
    pixels = w[:-1, digit].reshape(28, 28)
    limit = np.abs(pixels).max()
    axes.imshow(pixels, cmap="RdBu", vmin=-limit, vmax=limit)
    axes.set_title(digit)
    axes.axis("off")

# %% [markdown]
# Which learning rate is best? Ask the validation images, and only when you have chosen, look
# at the test images.

# %%
figure, axes = plt.subplots(figsize=(6, 3.2))
results = {}
for rate in (0.001, 0.05, 0.5):
    weights, course = train(
        X[:5000], labels[:5000], epochs=2, batch_size=50, learning_rate=rate,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    results[rate] = accuracy(forward(X_validation, weights), validation_labels)
    axes.plot(course, linewidth=0.8, label=f"learning rate {rate:g}: {results[rate]:.3f}")
axes.set(xlabel="step", ylabel="loss", ylim=(0, 4))
axes.legend(title="validation accuracy")
figure.tight_layout()

# %%
print(f"accuracy on the test images: {accuracy(forward(X_test, w), data.test_labels):.4f}")

# %% [markdown]
# Look at what it takes for something else. Would you have known?

# %%
said = forward(X_test, w).argmax(axis=1)
wrong = np.flatnonzero(said != data.test_labels)[:10]
figure, grid = plt.subplots(1, 10, figsize=(9, 1.5))
for axes, index in zip(grid, wrong, strict=False):
    axes.imshow(data.test_images[index], cmap="gray_r")
    axes.set_title(f"{data.test_labels[index]}, not {said[index]}", fontsize=8)
for axes in grid:
    axes.axis("off")

# %% [markdown]
# ## To try
#
# * Train with raw bytes: `preprocess(images, 0.0, 1.0)`. What happens in the first step?
# * Batches of 10 against batches of 500, with the same number of epochs. Which is faster, and
#   which ends lower?
# * Add `l2=0.1` to your own training loop. What do the pictures of w look like now?
# * Which pair of digits does it mix up most often? Count with
#   `np.add.at(table, (data.test_labels, said), 1)`.
