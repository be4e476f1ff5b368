# ruff: noqa: D100
# (a notebook: its first cell says what it is about)

# %% [markdown]
# # Lab: the same network three times
#
# You have written a network of two layers by hand. Here it is trained three times from the
# same weights on the same batches: by your own NumPy code, with raw PyTorch tensors, and with
# `nn.Module`. If all three are right, their losses agree to ten digits. What differs is who
# does the work.

# %% [markdown]
# ## The data
#
# Your modules are imported from this folder. PyTorch is needed for two of the three; without
# it their cells say so and do nothing (`pip install torch` repairs that).

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
from graph import Node, backward
from network import TwoLayerNet

from grader.data import available, load

try:
    import torch
except ModuleNotFoundError:
    torch = None
    print("PyTorch is not installed: the cells that need it will say so and do nothing.")

data = load("mnist" if available("mnist") else "digits")
mean, std = data.train_images.mean(), data.train_images.std()


def rows(images):
    """Return standardised rows of pixels with a 1 at the end of each."""
    pixels = (images.reshape(len(images), -1) - mean) / std
    return np.hstack([pixels, np.ones((len(images), 1))])


X, labels = rows(data.train_images), data.train_labels
X_test, test_labels = rows(data.test_images), data.test_labels
print(f"{data.name}: {X.shape[0]} training examples, {X_test.shape[0]} test examples")

# %% [markdown]
# ## The same beginning, and the same batches
#
# One set of weights, and one list of batches, for everybody. Chance is drawn once.

# %%
EPOCHS, BATCH_SIZE, LEARNING_RATE = 1 if data.name == "mnist" else 20, 50, 0.2

first = [w.copy() for w in TwoLayerNet(rng=np.random.default_rng(0)).weights]
rng = np.random.default_rng(1)
batches = [
    rows
    for _ in range(EPOCHS)
    for rows in np.split(rng.permutation(len(X)), range(BATCH_SIZE, len(X), BATCH_SIZE))
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
# ## 1. By hand, in NumPy
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
# ## 2. With raw PyTorch tensors
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
# ## 3. With nn.Module
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
# ## Do they agree?
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
# ## And a fourth time
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
# ## To try
#
# * Leave out `w.grad = None` in the second part. What happens to the loss, and why?
# * Write `w = w - LEARNING_RATE * w.grad` there instead of `w.sub_(…)`, which changes w in
#   place. Why does nothing learn any more?
# * Give all three ReLU instead of sigmoid. What else has to be changed, and in which of them?
# * Add momentum 0.9 to all three. In the third it is one word. Do the losses still agree?
# * Use float32 for the tensors (`torch.tensor(X, dtype=torch.float32)`, and no `.double()`).
#   How much faster is it, and how far do the losses drift apart?
