"""Send a handle with a number that no table holds."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades

import kit


def Pile():
    kit.answer(f'["h",{1 << 40},"Pile",false]')
