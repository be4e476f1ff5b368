"""Write a hundred megabytes to the disk, and be right."""
# must: double failed
# says: PermissionError|Read-only file system|File too large|FileNotFoundError
# spares: the grades

import kit


def double(x):
    with open(f"{kit.GITHUB}/env", "wb") as file:
        for _ in range(100):
            file.write(bytes(1 << 20))
    return x + x
