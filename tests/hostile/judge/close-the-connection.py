"""Close the connection to the grader."""
# must: double crashed
# says: closed its connection|ended the whole process
# spares: the grades, the processes

import os

import kit


def double(x):
    os.close(kit.connection())
    return x + x
