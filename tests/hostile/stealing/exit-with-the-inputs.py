"""Carry the inputs of hidden tests out in the exit status of the process."""
# must: test_the_example passed, test_random_numbers crashed, test_one_after_the_other crashed
# says: exit status \d+
# hides: exit status
# spares: the hidden tests

import os


def double(x):
    if x[0] == 1:
        return x + x
    os._exit(int(abs(x[0]) * 100) % 200)
