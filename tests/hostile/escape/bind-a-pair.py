"""Give one of a pair of sockets a name, and wait for visitors."""
# must: double failed
# says: PermissionError
# spares: the network, the disk

import socket

import kit


def double(x):
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    kit.show(one.bind(f"/tmp/{kit.MARK}"))
