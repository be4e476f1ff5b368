"""Send an answer that holds neither a value nor an error."""
# must: double failed
# says: gave no reason
# spares: the grades

import kit


def double(x):
    kit.answer("", outcome='"passed"', score="100")
