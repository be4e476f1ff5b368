"""Kill the grader and whoever stands near it."""
# must: double failed
# says: loot: \[\]
# spares: the processes, the grades

import os
import signal

import kit


def double(x):
    hit = []
    for pid in range(kit.GRADER - 2, kit.GRADER + 20):
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGTERM)
            except OSError:
                continue
            hit.append(pid)
    kit.show(hit)
