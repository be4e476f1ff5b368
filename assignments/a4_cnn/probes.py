"""What the tests need beside your code. This file comes with the assignment; leave it as it is.

In a grade your code runs in a process of its own. Arrays and plain tensors can leave
it. A module, an optimizer, a loader or a tensor that requires a gradient cannot: the
tests make such things here, give them to your functions, and ask here what became of
them. There is no answer in this file.
"""

import copy
import time
import weakref
from collections import namedtuple
from types import SimpleNamespace

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, TensorDataset

Pair = namedtuple("Pair", ["images", "labels"])


# Tensors


def leaf(values, gradient=None):
    """Make a tensor that requires a gradient, perhaps with one left from before."""
    tensor = values.clone().requires_grad_()
    tensor.grad = gradient
    return tensor


def pair(images, labels):
    """Make a named tuple."""
    return Pair(images, labels)


def places(elements):
    """Say in words what `elements` is made of, and on which devices its tensors are."""
    if isinstance(elements, torch.Tensor):
        return f"tensor on {elements.device.type}"
    if isinstance(elements, nn.Module):
        return f"module on {' and '.join(devices(elements))}"
    if isinstance(elements, dict):
        parts = [f"{key}: {places(value)}" for key, value in elements.items()]
    elif isinstance(elements, list | tuple):
        parts = [places(element) for element in elements]
    else:
        return repr(elements)
    return f"{type(elements).__name__}({', '.join(parts)})"


def device(name):
    """Make the object of a device."""
    return torch.device(name)


def usual_device():
    """Name the device to use when nobody asks for another."""
    return "cuda" if torch.cuda.is_available() else "cpu"


# Modules


def devices(model):
    """Name the devices that parameters and buffers of a model are on."""
    tensors = [*model.parameters(), *model.buffers()]
    return sorted({tensor.device.type for tensor in tensors})


def parameters(model):
    """Copy the parameters of a model."""
    return [parameter.detach().clone() for parameter in model.parameters()]


def buffers(model):
    """Copy what a model holds besides its parameters, such as running means."""
    return [buffer.clone() for buffer in model.buffers()]


def set_parameters(model, values):
    """Write into the parameters of a model, in their order."""
    found = [tuple(parameter.shape) for parameter in model.parameters()]
    expected = [tuple(value.shape) for value in values]
    if found != expected:
        raise ValueError(f"the parameters have shapes {found}, expected {expected}")
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), values, strict=True):
            parameter.copy_(value)


def kinds(model):
    """Name the class of a model, and those of the layers in it."""
    return [type(model).__name__, *(type(layer).__name__ for layer in model.children())]


def output(model, images):
    """Give what a model makes of a batch."""
    return model(images).detach()


def gradients(model, images, upstream):
    """Send a gradient backwards through a model; give those of its parameters."""
    model.zero_grad()
    model(images).backward(upstream)
    return [parameter.grad for parameter in model.parameters()]


def is_module(value):
    """Say whether something is a module."""
    return isinstance(value, nn.Module)


def predict(model, images):
    """Give the scores of each class, in evaluation mode and without gradients."""
    model.eval()
    home = next(model.parameters()).device
    with torch.no_grad():
        return model(images.to(home)).cpu().numpy()


def dense_model():
    """Make a model of one layer, from 100 numbers to 10."""
    return nn.Linear(100, 10)


def frozen_model():
    """Make a model in which a layer of 5 · 3 weights is trained, and the rest is not."""
    frozen = nn.Linear(4, 5).requires_grad_(requires_grad=False)
    normalised = nn.BatchNorm1d(5, affine=False)  # it has running means, and no parameters
    return nn.Sequential(frozen, normalised, nn.Linear(5, 3, bias=False))


def shared_model():
    """Make a model that uses the same layer, of 4 · 4 + 4 numbers, in two places."""
    shared = nn.Linear(4, 4)
    return nn.Sequential(shared, nn.ReLU(), nn.Sequential(shared, nn.ReLU()))


def normalising_model():
    """Make a model with batch normalisation and dropout."""
    return nn.Sequential(
        nn.Flatten(), nn.BatchNorm1d(784), nn.Dropout(0.5), nn.Linear(784, 10, bias=False)
    )


class Witness(nn.Module):
    """A linear classifier that notes how it is called.

    Attributes
    ----------
    calls : list of dict
        For each call: the shape of the images and the brightest pixel, whether the
        model was in training mode, whether gradients were on, and how many graphs of
        earlier calls were still in memory.
    """

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.calls = []
        self._graphs = []

    def forward(self, images):
        """Compute logits."""
        self.calls.append(
            {
                "shape": tuple(images.shape),
                "brightest": images.max().item(),
                "training": self.training,
                "gradients": torch.is_grad_enabled(),
                "graphs": sum(graph() is not None for graph in self._graphs),
            }
        )
        logits = images.flatten(1) @ self.weight.T
        if logits.grad_fn is not None:
            logits.grad_fn.metadata["label"] = label = _Label()
            self._graphs.append(weakref.ref(label))
        return logits


class _Label:
    """It hangs on a graph, and goes when the graph goes."""


def witness(weight, *, training=True, gradient=None):
    """Make a witness in one of both modes, perhaps with a gradient left from before."""
    model = Witness(weight).train(training)
    model.weight.grad = gradient
    return model


# Training


def sgd(model, learning_rate, momentum=0.0):
    """Make an optimizer."""
    return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)


def loader(images, labels, batch_size):
    """Make a loader that gives the examples in their order."""
    return DataLoader(TensorDataset(images, labels), batch_size)


def watch_optimizers():
    """Note from now on which parameters an optimizer holds when it takes a step."""
    held = {}

    def note(optimizer, *_):
        for group in optimizer.param_groups:
            held.update((id(parameter), parameter) for parameter in group["params"])

    return SimpleNamespace(held=held, handle=register_optimizer_step_pre_hook(note))


def left_out(watch, model):
    """Stop watching; name the parameters of a model that belonged into an optimizer.

    Where none was in one, the model is a copy of what was trained, or was trained by
    hand: nothing can be said then.
    """
    watch.handle.remove()
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    missing = [name for name, p in trained.items() if id(p) not in watch.held]
    return missing if len(missing) < len(trained) else []


def batches(loader):
    """Give all batches of an epoch: images, and labels."""
    return [tuple(batch) for batch in loader]


def seed(number):
    """Seed the global generator."""
    torch.manual_seed(number)


def drawn():
    """Draw a number from the global generator."""
    return torch.rand(()).item()


# The GPU


def on_device(model, images, upstream, device):
    """Run a copy of a model on a device, forwards and backwards; give logits and gradients."""
    twin = copy.deepcopy(model).to(device)
    with torch.backends.cudnn.flags(allow_tf32=False):
        logits = twin(images.to(device))
        logits.backward(upstream.to(device))
    return [logits.detach().cpu(), *(parameter.grad.cpu() for parameter in twin.parameters())]


def seconds_per_step(model, images, device):
    """Time a pass forwards and backwards, warm, and with the device's work done."""
    twin, images = copy.deepcopy(model).to(device), images.to(device)
    rounds = 10
    for round_ in range(2 * rounds):
        if round_ == rounds:
            torch.cuda.synchronize()
            began = time.perf_counter()
        twin(images).sum().backward()
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / rounds


def ask_for_too_much():
    """Ask the GPU for more memory than it has; say whether that was refused."""
    _, total = torch.cuda.mem_get_info()
    try:
        torch.empty(2 * total, dtype=torch.uint8, device="cuda")
    except torch.OutOfMemoryError:
        return True
    return False
