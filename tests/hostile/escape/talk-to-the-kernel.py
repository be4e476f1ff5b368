"""Open a netlink socket, with which routes and devices are changed."""
# must: double failed
# says: PermissionError
# spares: the network

import socket

import kit


def double(x):
    kit.show(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
