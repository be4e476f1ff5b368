"""What every attacker of this corpus is told, and the tools it is given.

The laboratory writes the facts in and hands this file in beside each attack.
"""

import os
import stat
import struct
import sys
import time

FACTS = {}
globals().update(FACTS)


def total(values):
    """Add numbers up: the one task that each attacker has solved."""
    return float(sum(values))


def show(loot):
    """Carry something out in an error's message, which the results quote."""
    raise ValueError(f"loot: {loot}")


def call(number, *arguments):
    """Make a system call by its number; texts are passed as C strings."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def on(x86_64, aarch64):
    """Choose the number of a system call; -1 does not exist."""
    return x86_64 if os.uname().machine == "x86_64" else aarch64


def connection():
    """Return the descriptor of the connection to the grader: the only socket there is."""
    return next(number for number in range(3, 64) if is_socket(number))


def is_socket(number):
    """Whether a descriptor is open and a socket."""
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


def desk():
    """Return the worker's own object that answers questions."""
    frame = sys._getframe()
    while not hasattr(frame.f_locals.get("self"), "_under_way"):
        frame = frame.f_back
    return frame.f_locals["self"]


def asked():
    """Return the token of the question that is being answered."""
    return desk()._under_way


def write(data):
    """Write to the grader, past everything that would look at it first."""
    left = memoryview(data)
    while left:
        left = left[os.write(connection(), left) :]


def frame(header, body=b"", *, magic=b"DG\x01\n", header_size=None, body_size=None):
    """Return a frame whose start need not be true."""
    sizes = len(header) if header_size is None else header_size
    return struct.pack("<4sIQ", magic, sizes, len(body) if body_size is None else body_size) + (
        header + body
    )


def entry(value, body=b"", **claims):
    """Return a frame that answers the question with a value, spelled as the protocol does."""
    claims = {"id": f'"{asked()}"', "value": value} | claims
    pairs = ",".join(f'["{key}",{spelled}]' for key, spelled in claims.items() if spelled)
    return frame(f'["d",{pairs}]'.encode("utf-8", "surrogatepass"), body)


def answer(value, body=b"", **claims):
    """Answer so, and say no more."""
    write(entry(value, body, **claims))
    wait()


def wait():
    """Do nothing until the grader has seen enough."""
    time.sleep(60)
