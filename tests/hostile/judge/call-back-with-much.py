"""Hand the test's function sixty megabytes, again and again."""
# must: test_a_function_of_the_test passed, test_a_function_of_the_reference timeout
# says: still running|was up
# spares: the grades, the processes

import numpy as np


def apply(function, x):
    while not isinstance(x, float):
        function(np.ones(7_000_000))
    return function(function(x))
