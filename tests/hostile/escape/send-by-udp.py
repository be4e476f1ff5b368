"""Send a datagram to a server on this machine."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.sendto(b"loot", ("127.0.0.1", kit.PORT))
