"""Send a handle in place of an error's message."""
# must: Pile failed
# says: Pile raised ValueError: gave no reason
# spares: the grades

import kit


def Pile():
    claim = '["d",["type","ValueError"],["builtin","ValueError"],["message",["h",1,"x",false]]]'
    kit.answer("", raised=claim)
