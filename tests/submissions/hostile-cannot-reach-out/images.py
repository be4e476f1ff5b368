# Whoever gets out answers correctly: every point here is a hole in the sandbox.
import os
import resource
import socket
import subprocess
import sys
import tempfile

import numpy as np


def to_float(image):
    """Open a socket."""
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    return image / 255


def to_uint8(image):
    """Start another process that goes on after this one."""
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def gray_to_rgb(image):
    """Start a program."""
    subprocess.run([sys.executable, "--version"], check=True)
    return np.stack([image] * 3, axis=2)


def zero_channel(image, channel):
    """Leave a file for the next student."""
    with open(os.path.join(tempfile.gettempdir(), "left-behind-by-a-submission"), "w") as file:
        file.write("the answers")
    result = image.copy()
    result[:, :, channel] = 0
    return result


def draw_box(image, top, left, height, width, color):
    """Send the grader a signal (0 does nothing, but asks for the right to send others)."""
    os.kill(os.getppid(), 0)
    result = image.copy()
    result[max(top, 0):max(top + height, 0), max(left, 0):max(left + width, 0)] = color
    return result


def to_channels_first(images):
    """Change the rights of a file, to what they are."""
    os.chmod(np.__file__, os.stat(np.__file__).st_mode)
    return images.transpose(0, 3, 1, 2).copy()


def to_channels_last(images):
    """Take more memory than is allowed."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return images.transpose(0, 2, 3, 1).copy()
