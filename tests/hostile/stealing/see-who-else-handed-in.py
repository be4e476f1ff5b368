"""Find out whether a neighbour handed in, by name."""
# must: double failed
# says: FileNotFoundError
# spares: the neighbours
# tier: full

import os

import kit


def double(x):
    os.stat(kit.NEIGHBOUR)
    kit.show("it is there")
