"""Take a descriptor out of the parent with pidfd_getfd."""
# must: double failed, classify crashed
# says: SIGSYS
# spares: the memory of the grader, the hidden tests

import os

import kit


def double(x):
    kit.show(kit.call(434, os.getppid(), 0))


def classify(points):
    kit.show(kit.call(438, 0, 0, 0))
