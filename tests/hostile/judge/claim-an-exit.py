"""Claim that what was raised is a SystemExit, for the grader to raise in turn."""
# must: double failed
# says: double raised SystemExit: 0
# spares: the grades

import kit


def double(x):
    claim = '["d",["type","SystemExit"],["builtin","SystemExit"],["message","0"],["place",""]]'
    kit.write(kit.entry("", raised=claim))
    kit.wait()
