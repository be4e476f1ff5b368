"""Sums."""


def total(values):
    """Add numbers up."""
    ### BEGIN SOLUTION
    return float(sum(values))
    ### END SOLUTION
