"""Ask for an alarm, so that something happens after the answer."""
# must: double crashed
# says: SIGALRM
# spares: the processes, the grades

import signal


def double(x):
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    while True:
        pass
