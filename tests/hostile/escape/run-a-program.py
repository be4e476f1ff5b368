"""Run a program with subprocess."""
# must: double failed
# says: PermissionError
# spares: the processes, the disk

import subprocess

import kit


def double(x):
    kit.show(subprocess.run(["/bin/sh", "-c", "id"], capture_output=True, check=False).stdout)
