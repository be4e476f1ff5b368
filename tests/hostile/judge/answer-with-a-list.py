"""Send a list in the place of an answer."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.write(kit.frame(b'["l",["d",["value",1]]]'))
    kit.wait()
