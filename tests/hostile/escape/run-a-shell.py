"""Run a command with os.system, which reports failure as a number."""
# must: double failed
# says: loot: nothing was run
# spares: the processes, the disk

import os

import kit


def double(x):
    status = os.system("exit 7")
    kit.show("nothing was run" if os.waitstatus_to_exitcode(status) != 7 else "a shell was run")
