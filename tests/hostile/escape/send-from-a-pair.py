"""Send to a local socket from one of a pair, which is allowed to exist."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"loot", kit.SOCKET)
