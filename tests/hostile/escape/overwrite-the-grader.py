"""Overwrite the grader's own code."""
# must: double failed
# says: PermissionError|Read-only file system|FileNotFoundError
# spares: the disk

import kit


def double(x):
    open(f"{kit.PACKAGE}/results.py", "a").write("\n")
