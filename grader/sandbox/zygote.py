"""The worker zygote: import once, fork a confined worker for each request.

    python -P -m grader.sandbox.zygote CONFIGURATION CONTROL

It runs none of a student's code itself. Each fork limits itself, tries what it
must no longer be able to do, reports what it found, and only then asks for the
submission's source.
"""

import importlib
import json
import os
import socket
import sys

import numpy.random  # noqa: F401 - imported lazily, it would cost each worker its load

from grader import worker
from grader.protocol import Channel
from grader.sandbox import forkserver, policy, tier, torch_warmup


def main() -> None:
    """Serve on the control socket given on the command line."""
    configuration, control = sys.argv[1:]
    settings = json.loads(configuration)
    for package in settings["packages"]:
        importlib.import_module(package)
    torch_warmup.warm_up()
    cage = policy.Cage(policy.Policy(**settings["policy"]))
    channel = forkserver.serve(socket.socket(fileno=int(control)), keep=cage.descriptors)
    if channel is not None:
        _work(channel, cage, settings["hidden"])


def _work(channel: Channel, cage: policy.Cage, hidden: str) -> None:
    layers = cage.confine()
    channel.send({"layers": layers.to_dict(), "tried": tier.self_test(hidden)})
    worker.serve(channel)
    os._exit(0)  # a student's atexit handlers and threads have no say


if __name__ == "__main__":
    main()
