"""Make a system call through the third table of x86_64."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import os

import kit


def double(x):
    if os.uname().machine != "x86_64":
        os.kill(os.getpid(), 31)  # there is no such table elsewhere
    kit.show(kit.call(0x4000_0000 + 57))
