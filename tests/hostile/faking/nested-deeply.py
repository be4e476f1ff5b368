"""Return lists inside lists, a hundred thousand deep."""
# must: double failed
# says: a value nested too deeply|too large to hand over
# spares: the grades


def double(x):
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest
