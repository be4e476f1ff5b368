"""Walk everything from the root down, in search of the reference."""
# must: double failed
# says: loot: \[\]
# spares: the reference, the neighbours

import os

import kit


def double(x):
    found = []
    for top in ("/", "/tmp", "/home", "/root", kit.COURSE, kit.CLASS, "/proc/self/cwd"):
        for folder, _, files in os.walk(top):
            if folder.startswith(("/proc", "/sys", "/usr", "/lib")):
                break
            found += [
                f"{folder}/{name}" for name in files if name.startswith(("canary-", "answers"))
            ]
    kit.show(found)
