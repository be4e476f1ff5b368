"""Make a pair of sockets of a family that few kernels guard well."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    kit.show(socket.socketpair(30, socket.SOCK_SEQPACKET))  # TIPC
