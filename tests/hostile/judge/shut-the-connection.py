"""Shut the connection down, and go on computing."""
# must: double failed
# says: PermissionError
# spares: the grades, the processes

import socket

import kit


def double(x):
    socket.socket(fileno=os_dup(kit.connection())).shutdown(socket.SHUT_RDWR)
    return x + x


def os_dup(number):
    import os

    return os.dup(number)
