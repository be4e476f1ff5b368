"""Hand out more objects than a test may hold."""
# must: test_one_after_the_other failed, test_the_example failed, test_random_numbers failed
# says: one object more than the|is a list
# spares: the grades, the processes


class Thing:
    pass


KEPT = []


def double(x):
    KEPT.extend(Thing() for _ in range(9_000))
    return KEPT[-9_000:]
