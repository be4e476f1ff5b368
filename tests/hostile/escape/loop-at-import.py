"""Compute for ever while the file is imported."""
# must: double timeout, classify timeout, apply timeout, Pile timeout, total passed|timeout
# says: still running when its time was up
# spares: the processes, the grades

while True:
    pass
