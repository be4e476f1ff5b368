"""Start a pool of processes."""
# must: double failed
# says: PermissionError|OSError
# spares: the processes

import multiprocessing

import kit


def double(x):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        kit.show(pool.map(abs, [-1]))
