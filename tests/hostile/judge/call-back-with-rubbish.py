"""Call the reference's function with rubbish, so that the reference is to blame."""
# must: apply failed
# says: apply raised TypeError.*the function of the test, which it called
# spares: the grades


def apply(function, x):
    return function({"not": "an array"})
