"""Print errors without end, in small pieces and past Python."""
# must: double crashed
# says: was stopped: it printed more than 4 MiB
# spares: the disk, the grades, the processes

import os


def double(x):
    while True:
        os.write(2, b"a" * 4096)
