"""Read the zygote's arguments, which name a hidden file, and open that."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the hidden tests

import json
import os
import sys

import kit


def double(x):
    hidden = json.loads(sys.argv[1])["hidden"]
    kit.show(open(f"{os.path.dirname(hidden)}/hidden_tests/test_secrets.py").read())
