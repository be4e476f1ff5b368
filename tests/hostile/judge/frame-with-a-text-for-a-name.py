"""Send an error whose type and place hold what steers a terminal."""
# must: double failed
# says: double raised
# spares: the grades, the terminal

import kit


def double(x):
    text = '"\\u001b[2J\\u0007\\u202epassed"'
    claim = f'["d",["type",{text}],["builtin","ValueError"],["message",{text}],["place",{text}]]'
    kit.write(kit.entry("", raised=claim))
    kit.wait()
