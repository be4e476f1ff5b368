"""Mount with fsopen and move_mount, and change the root."""
# must: double failed
# says: loot: \[\]
# spares: the disk

import kit


def double(x):
    done = []
    calls = {
        "fsopen": (430, b"tmpfs", 0),
        "open_tree": (428, -100, b"/", 1),
        "move_mount": (429, -1, b"", -1, b"/tmp", 4),
        "mount_setattr": (442, -100, b"/", 0, bytes(32), 32),
        "umount2": (kit.on(166, 39), b"/tmp", 2),
        "pivot_root": (kit.on(155, 41), b"/", b"/"),
        "chroot": (kit.on(161, 51), b"/tmp"),
    }
    for name, words in calls.items():
        try:
            kit.call(*words)
        except PermissionError:
            continue
        except OSError as error:
            done.append((name, error))
        else:
            done.append(name)
    kit.show(done)
