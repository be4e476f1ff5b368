"""Read the grader's private key."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the temporary files

import kit


def double(x):
    kit.show(open(f"{kit.HOME}/.ssh/id_rsa").read())
