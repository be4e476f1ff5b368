"""Send a handle with True for a number."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades

import kit


def Pile():
    kit.answer('["h",true,"Pile",false]')
