"""Print what clears a terminal, rings its bell and renames its window."""
# must: double failed
# says: printed: .*\[2J
# spares: the grades, the terminal

import sys


def double(x):
    print("\x1b[2J\x1b[H\x07\x1b]0;100 points\x1b\\\r\x9b31m\u202epassed")
    print("\x1b[32mpassed", file=sys.stderr)
    return 0
