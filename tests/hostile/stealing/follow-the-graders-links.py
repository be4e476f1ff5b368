"""Ask where the descriptors of the grader lead."""
# must: double failed
# says: loot: \[\]
# spares: the hidden tests, the reference

import os

import kit


def double(x):
    found = []
    for pid in (kit.GRADER, os.getppid(), 1):
        for link in ("exe", "cwd", "root", "fd/0", "fd/1", "fd/3", "fd/4"):
            try:
                found.append(os.readlink(f"/proc/{pid}/{link}"))
            except OSError:
                continue
    kit.show(found)
