"""Take the kernel's memory: fill the buffers of pipes."""
# must: double failed
# says: Too many open files
# spares: the processes, the grades

import os


def double(x):
    for _ in range(100_000):
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.write(writer, bytes(65536))
