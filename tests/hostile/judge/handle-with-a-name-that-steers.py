"""Send a handle whose type's name holds escape sequences, in place of an array."""
# must: double failed
# says: nameless object
# spares: the grades, the terminal

import kit


def double(x):
    kit.answer('["h",1,"\\u001b[2J\\u0007",false]')
