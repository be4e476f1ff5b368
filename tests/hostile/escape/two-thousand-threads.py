"""Start two thousand threads, and be right."""
# must: double failed
# says: can't start new thread
# spares: the processes, the grades

import threading


def double(x):
    threading.stack_size(65536)
    end = threading.Event()
    try:
        for _ in range(2000):
            threading.Thread(target=end.wait, daemon=True).start()
    finally:
        end.set()
    return x + x
