"""Keep the test's function, and call it in another test."""
# must: test_a_function_of_the_test passed, test_a_function_of_the_reference failed
# says: RuntimeError|can only be called
# spares: the hidden tests, the grades

KEPT = []


def apply(function, x):
    KEPT.append(function)
    return KEPT[0](KEPT[0](x))
