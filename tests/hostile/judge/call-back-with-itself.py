"""Call the test's function with an object that calls it again when it is multiplied."""
# must: test_a_function_of_the_test failed, test_a_function_of_the_reference failed
# says: RuntimeError: a function of the test can only be called during
# spares: the grades, the processes


def apply(function, x):
    class Mirror:
        def __rmul__(self, other):
            return function(self)

        __add__ = __radd__ = __mul__ = __rmul__

    return function(Mirror())
