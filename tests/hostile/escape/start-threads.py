"""Start threads without end."""
# must: double failed
# says: can't start new thread
# spares: the processes

import threading


def double(x):
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
