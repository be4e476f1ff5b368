"""Send a handle with a number below zero, which would count from the end."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades

import kit


def Pile():
    kit.answer('["h",-1,"Pile",false]')
