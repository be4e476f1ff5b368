"""Turn every warning into an error, for whoever imports something later."""
# must: double failed
# says: differs
# spares: the grades

import warnings

warnings.simplefilter("error")


def double(x):
    return x
