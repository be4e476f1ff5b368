"""Catch every signal that can be caught, and go on for ever."""
# must: classify timeout
# says: still running when its time was up
# spares: the grades, the processes

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue


def classify(points):
    while True:
        pass
