"""Send a handle that says that its object is an array."""
# must: double failed
# says: is (a|an) ndarray, expected an array
# spares: the grades

import kit


def double(x):
    kit.answer('["h",1,"ndarray",true]')
