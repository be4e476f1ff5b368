"""Import a package that could do the whole course, by a name that no line spells."""
# must: double failed
# says: ModuleNotFoundError|PermissionError
# spares: the grades

import importlib


def double(x):
    return importlib.import_module("tor" + "ch").as_tensor(2 * x).numpy()
