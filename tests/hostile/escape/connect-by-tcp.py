"""Connect to a server on this machine."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    socket.create_connection(("127.0.0.1", kit.PORT), timeout=1).send(b"loot")
