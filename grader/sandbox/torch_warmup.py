"""What PyTorch does once in a process, done in a fork server before it forks.

The first training step of a process loads a compiler, looks for a temporary folder
and makes the kernels of oneDNN: more than a second, for every submission. Here it
costs that once, and a confined worker could not look for the folder at all.

A child of a process in which PyTorch has run two threads waits for ever for the
second. So the number of threads comes first.
"""

import sys
from typing import Any


def warm_up() -> None:
    """Take one small training step on one thread, if this process has loaded PyTorch."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3),
        nn.BatchNorm2d(2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(8, 2),
    )
    optimizers = torch.optim.SGD(model.parameters(), lr=0.1), torch.optim.Adam(model.parameters())
    data = torch.utils.data.TensorDataset(
        torch.zeros(2, 1, 6, 6), torch.zeros(2, dtype=torch.int64)
    )
    for images, labels in torch.utils.data.DataLoader(data, batch_size=2, shuffle=True):
        nn.functional.cross_entropy(model(images), labels).backward()
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad()
    torch.manual_seed(0)
