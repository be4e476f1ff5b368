"""Send to a local socket with sendmsg and sendmmsg, whose addresses lie in memory."""
# must: double failed
# says: loot: \[\]
# spares: the network

import ctypes
import socket
import struct

import kit


def double(x):
    sent = []
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        one.sendmsg([b"loot"], [], 0, kit.SOCKET)
        sent.append("sendmsg")
    except PermissionError:
        pass
    address = ctypes.create_string_buffer(struct.pack("<H", 1) + kit.SOCKET.encode() + b"\0")
    text = ctypes.create_string_buffer(b"loot")
    vector = ctypes.create_string_buffer(struct.pack("<QQ", ctypes.addressof(text), 4))
    message = struct.pack(
        "<QIIQQQQi", ctypes.addressof(address), len(address) - 1, 0, ctypes.addressof(vector), 1,
        0, 0, 0,
    )  # fmt: skip
    try:
        kit.call(kit.on(307, 269), one.fileno(), message.ljust(64, b"\0"), 1, 0)
        sent.append("sendmmsg")
    except PermissionError:
        pass
    kit.show(sent)
