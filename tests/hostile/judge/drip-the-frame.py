"""Send an answer byte by byte, so slowly that it never ends."""
# must: classify timeout
# says: still running
# spares: the grades, the processes

import time

import kit


def classify(points):
    labels = (points[:, 0] + 3 * points[:, 1] > 0.3).astype("<i8").tobytes()
    for byte in kit.entry('["a","<i8","C",200]', labels):
        kit.write(bytes([byte]))
        end = time.perf_counter() + 0.002
        while time.perf_counter() < end:
            pass
