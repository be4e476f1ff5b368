"""Claim that what was raised is the builtin `print`, or any other name."""
# must: double failed
# says: double raised exit: 0
# spares: the grades

import kit


def double(x):
    claim = '["d",["type","exit"],["builtin","exit"],["message","0"],["place",""]]'
    kit.write(kit.entry("", raised=claim))
    kit.wait()
