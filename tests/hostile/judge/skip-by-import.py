"""Find pytest without a line that imports it, and skip."""
# must: double failed
# says: PermissionError|ModuleNotFoundError
# spares: the grades

import importlib


def double(x):
    importlib.import_module("".join(["py", "test"])).skip("all is well")
