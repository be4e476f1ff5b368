"""Answer once more when the process ends."""
# must: double failed
# says: double raised SystemExit
# spares: the grades

import atexit
import sys

import kit

atexit.register(lambda: kit.write(kit.frame(b'["d"]')))


def double(x):
    sys.exit(0)
