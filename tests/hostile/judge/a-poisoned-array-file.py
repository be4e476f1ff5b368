"""Send an .npy file with a pickle inside, as bytes."""
# must: double failed
# says: expected an array
# spares: the grades, the disk, the processes

import io
import os

import numpy as np

import kit


class Bomb:
    def __reduce__(self):
        return os.system, (f"touch /tmp/{kit.MARK}",)


def double(x):
    file = io.BytesIO()
    np.save(file, np.array([Bomb()], dtype=object), allow_pickle=True)
    return file.getvalue()
