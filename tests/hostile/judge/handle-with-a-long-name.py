"""Send a handle whose type has a name of fifty thousand letters."""
# must: Pile crashed
# says: Pile interfered
# spares: the grades, the terminal

import kit


def Pile():
    kit.answer('["h",1,"' + "P" * 50_000 + '",false]')
