"""Return an integer of a million bits."""
# must: apply failed
# says: an int of 1,000,001 bits
# spares: the grades


def apply(function, x):
    return 1 << 1_000_000
