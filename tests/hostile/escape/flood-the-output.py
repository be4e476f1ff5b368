"""Print without end."""
# must: double crashed
# says: was stopped: it printed more than 4 MiB
# spares: the disk, the grades, the processes

import sys


def double(x):
    while True:
        sys.stdout.write("a" * 65536)
