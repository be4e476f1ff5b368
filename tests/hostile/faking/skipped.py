"""Raise what pytest raises to skip a test."""
# must: double failed
# says: double raised Skipped: unconditional skip
# spares: the grades


class Skipped(BaseException):
    allow_module_level = True


Skipped.__module__ = "_pytest.outcomes"


def double(x):
    raise Skipped("unconditional skip")
