"""Send half a frame, and wait."""
# must: classify timeout
# says: still running
# spares: the grades, the processes

import kit


def classify(points):
    kit.write(kit.entry('["a","<i8","C",200]', bytes(1600))[:-5])
    while True:
        pass
