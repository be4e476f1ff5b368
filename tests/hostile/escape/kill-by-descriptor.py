"""Have the kernel signal the parent when a socket becomes readable."""
# must: double failed
# says: PermissionError
# spares: the processes, the grades

import fcntl
import os
import socket

import kit


def double(x):
    one, other = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, os.getppid())
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
    other.send(b"x")
    kit.show("the parent was signalled")
