"""Connect one of a pair of sockets to somebody else."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.connect(f"\0{kit.ABSTRACT}")
    one.send(b"loot")
