"""Ask for attributes of the test's function, as a remote object would give them."""
# must: apply failed
# says: AttributeError
# spares: the hidden tests

import kit


def apply(function, x):
    kit.show(function.__globals__["HIDDEN"])
