"""Send an answer before the next question is asked."""
# must: test_the_example passed, test_an_empty_pile crashed, test_random_numbers passed, test_one_after_the_other crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    body = (x + x).tobytes()
    kit.write(kit.entry(f'["a","<f8","C",{len(x)}]', body))
    return x + x
