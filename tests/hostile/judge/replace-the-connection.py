"""Put something else in the place of the connection."""
# must: double crashed
# says: closed its connection|ended the whole process
# spares: the grades, the processes

import os

import kit


def double(x):
    os.dup2(os.open("/dev/null", os.O_RDONLY), kit.connection())
    return x + x
