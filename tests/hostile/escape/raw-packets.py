"""Open sockets for raw packets, for other machines' memory, for the hypervisor."""
# must: double failed
# says: loot: \[\]
# spares: the network

import socket

import kit


def double(x):
    made = []
    for family, kind in ((17, 3), (2, 3), (40, 1), (38, 5), (31, 3), (21, 5), (44, 3)):
        try:
            made.append(socket.socket(family, kind, 0))
        except PermissionError:
            continue
        except OSError as error:
            made.append(error)
    kit.show(made)
