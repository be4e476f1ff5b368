"""Send a datagram to a local socket by its path."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"loot", kit.SOCKET)
