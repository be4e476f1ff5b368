"""Write to the files with which a workflow's steps talk to GitHub."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the disk, the grades

import kit


def double(x):
    with open(f"{kit.GITHUB}/env", "a") as file:
        file.write("POINTS=100\n")
