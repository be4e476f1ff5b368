"""Ask inspect for the source of the test's function."""
# must: apply failed
# says: TypeError|OSError|PermissionError
# spares: the hidden tests

import inspect

import kit


def apply(function, x):
    kit.show(inspect.getsource(function))
