"""Load the reference as a module, whatever it is called."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the reference

from importlib.machinery import SourceFileLoader

import kit


def double(x):
    return SourceFileLoader("solved", kit.REFERENCE).load_module().double(x)
