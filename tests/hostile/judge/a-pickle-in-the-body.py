"""Send a pickle that runs a command when it is read."""
# must: double failed
# says: is the bytes|bytes of length|expected an array
# spares: the grades, the disk, the processes

import os
import pickle

import kit


class Bomb:
    def __reduce__(self):
        return os.system, (f"touch /tmp/{kit.MARK}",)


def double(x):
    payload = pickle.dumps(Bomb())
    kit.answer(f'["b",{len(payload)}]', payload)
