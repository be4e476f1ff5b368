"""Claim that a number was raised."""
# must: double failed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.write(kit.entry("", raised="1"))
    kit.wait()
