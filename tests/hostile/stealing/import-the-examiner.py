"""Import the part of the grader that knows how it judges."""
# must: double failed
# says: PermissionError|ModuleNotFoundError|cannot import
# spares: the hidden tests

import importlib

import kit


def double(x):
    kit.show(importlib.import_module("grader.examination").__file__)
