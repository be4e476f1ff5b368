"""Read the users of this machine, and their passwords."""
# must: double failed, classify failed
# says: /etc/passwd.*/etc/shadow
# spares: the disk

import kit


def double(x):
    kit.show(open("/etc/passwd").read())


def classify(points):
    kit.show(open("/etc/shadow").read())
