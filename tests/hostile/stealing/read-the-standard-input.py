"""Read what the grader was given on its standard input."""
# must: double failed
# says: EOFError
# spares: the environment

import kit


def double(x):
    kit.show(input())
