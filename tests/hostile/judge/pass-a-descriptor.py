"""Send the grader a descriptor over the connection."""
# must: double failed
# says: PermissionError
# spares: the grades

import array
import os
import socket

import kit


def double(x):
    sock = socket.socket(fileno=os.dup(kit.connection()))
    gift = array.array("i", [0])
    kit.show(sock.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, gift)]))
