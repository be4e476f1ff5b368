"""How many threads numerical libraries use: one, at home as in a grade.

Set it before numpy is imported. Threads that spin on busy cores make a small
product many times slower, and a time limit unfair.
"""

from typing import Final

ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
