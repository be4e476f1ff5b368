"""Write a module where Python will look for modules."""
# must: double failed
# says: loot: \[\]
# spares: the disk

import os
import sys

import numpy as np

import kit


def double(x):
    written = []
    for place in (*sys.path, os.path.dirname(np.__file__), os.path.dirname(os.__file__)):
        for name in (f"{kit.MARK}.pth", f"__pycache__/{kit.MARK}.pyc"):
            try:
                open(os.path.join(place, name), "w").close()
            except OSError:
                continue
            written.append(place)
    kit.show(written)
