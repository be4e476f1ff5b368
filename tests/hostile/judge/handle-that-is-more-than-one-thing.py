"""Send a handle with more parts than it has."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades

import kit


def Pile():
    kit.answer('["h",1,"Pile",false,"__class__"]')
