"""Start a daemon thread that goes on after the answer, into the next test."""
# must: double failed
# says: can't start new thread
# spares: the processes, the grades

import threading
import time


def haunt():
    while True:
        time.sleep(0.01)


def double(x):
    threading.Thread(target=haunt, daemon=True).start()
    return x
