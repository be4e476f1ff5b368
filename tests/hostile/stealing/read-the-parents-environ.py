"""Read the environment of the parent and of the grader."""
# must: double failed, classify failed
# says: (PermissionError|FileNotFoundError).*(PermissionError|FileNotFoundError)
# spares: the environment

import os

import kit


def double(x):
    kit.show(open(f"/proc/{os.getppid()}/environ").read())


def classify(points):
    kit.show(open(f"/proc/{kit.GRADER}/environ").read())
