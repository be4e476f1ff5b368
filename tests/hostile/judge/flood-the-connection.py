"""Send frames without end."""
# must: double crashed
# says: interfered|ended
# spares: the grades, the processes

import kit


def double(x):
    while True:
        kit.write(bytes(1 << 20))
