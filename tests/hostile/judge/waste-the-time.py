"""Use up all of the time, so that what comes later is never run and counts for nobody."""
# must: double timeout, classify timeout, apply timeout, Pile timeout, total timeout
# says: not run: all tests together may take
# spares: the grades

import time


def double(*_):
    time.sleep(100)


classify = apply = Pile = double
