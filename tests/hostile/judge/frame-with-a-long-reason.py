"""Send a reason of sixty thousand letters for giving no answer."""
# must: double failed
# says: aaaa
# spares: the grades, the terminal

import kit


def double(x):
    kit.answer("", unusable='"' + "a" * 60_000 + '"')
