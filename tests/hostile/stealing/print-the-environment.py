"""Search the environment for secrets."""
# must: double failed
# says: loot: \[\]
# spares: the environment

import os

import kit


def double(x):
    harmless = {"PATH", "LANG", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PWD"}
    names = [name for name in os.environ if "THREADS" not in name and "BLAS" not in name]
    kit.show([f"{name}={os.environ[name]}" for name in names if name not in harmless])
