"""Leave a message for the next student under an abstract socket's name."""
# must: double failed
# says: PermissionError
# spares: the neighbours, the network

import socket

import kit


def double(x):
    kit.show(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(f"\0{kit.MARK}"))
