"""Read the kernel's log, the machine's memory and its disk."""
# must: double failed, classify failed
# says: PermissionError.*(PermissionError|FileNotFoundError)
# spares: the memory of the grader, the disk

import kit


def double(x):
    kit.show(kit.call(kit.on(103, 116), 3, bytes(4096), 4096))


def classify(points):
    found = []
    for device in ("/dev/mem", "/dev/kmsg", "/proc/kcore", "/dev/vda", "/dev/sda"):
        try:
            found.append(open(device, "rb").read(16))
        except FileNotFoundError:
            continue
    kit.show(found or open("/proc/kcore", "rb"))
