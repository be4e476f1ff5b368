"""Take back the capabilities of root."""
# must: double failed
# says: PermissionError
# spares: the processes

import struct

import kit


def double(x):
    wanted = struct.pack("<6I", *[0xFFFFFFFF] * 6)
    kit.show(kit.call(kit.on(126, 91), struct.pack("<Ii", 0x20080522, 0), wanted))
