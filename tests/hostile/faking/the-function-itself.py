"""Return the function of the test, which knows how to answer."""
# must: apply failed
# says: functools.partial|function
# spares: the grades


def apply(function, x):
    return function
