"""Send a handle whose type's name holds half of a character."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades, the terminal

import kit


def Pile():
    kit.answer(r'["h",1,"\ud800",false]')
