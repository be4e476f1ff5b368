"""Ask the connection who is at its other end, and for a handle of that process."""
# must: double failed
# says: PermissionError
# spares: the processes

import os
import socket

import kit


def double(x):
    sock = socket.socket(fileno=os.dup(kit.connection()))
    kit.show(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
