"""Read the parent's memory with process_vm_readv."""
# must: double crashed
# says: SIGSYS
# spares: the memory of the grader

import os

import kit


def double(x):
    kit.show(kit.call(kit.on(310, 270), os.getppid(), 0, 0, 0, 0, 0))
