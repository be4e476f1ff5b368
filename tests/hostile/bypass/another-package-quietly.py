"""Import a package that the task does not allow, by a name that no line spells."""
# must: double failed
# says: ModuleNotFoundError|PermissionError
# spares: the grades

import importlib


def double(x):
    return importlib.import_module("sci" + "py.ndimage").convolve(x, [2.0])
