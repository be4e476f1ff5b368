"""Call the test's function with more arguments than it takes."""
# must: apply failed
# says: apply raised TypeError.*the function of the test, which it called
# spares: the grades


def apply(function, x):
    return function(x, x, x)
