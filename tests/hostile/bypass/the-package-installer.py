"""Install a package that is not there."""
# must: double failed
# says: PermissionError|No module named|has no attribute
# spares: the disk, the network

import runpy


def double(x):
    return runpy.run_module("pip", run_name="__main__")
