"""Read the grader's memory through its file."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the memory of the grader

import kit


def double(x):
    kit.show(open(f"/proc/{kit.GRADER}/maps").read())
