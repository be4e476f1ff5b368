"""Claim for an observed call that the arguments are of another number."""
# must: double failed
# says: differs
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', x.tobytes(), arguments='["l",1,2,3]', shares_memory="0")
