"""Ask the grader to call another function than the one that was given."""
# must: apply crashed
# says: interfered
# spares: the reference

import kit


def apply(function, x):
    kit.answer("", callback='"reference.answers.apply"', args='["l"]')
