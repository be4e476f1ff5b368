"""Open a file by its handle, which no path protects."""
# must: double failed, classify crashed
# says: PermissionError.*SIGSYS
# spares: the reference

import ctypes

import kit


def double(x):
    kit.show(kit.call(kit.on(303, 264), -100, kit.REFERENCE.encode(), bytes(136), bytes(8), 0))


def classify(points):
    handle = ctypes.create_string_buffer(b"\x08\0\0\0\x01\0\0\0" + bytes(8))
    kit.show(kit.call(kit.on(304, 265), 0, handle, 0))
