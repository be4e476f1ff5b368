"""Send a handle of an object that was never there."""
# must: Pile crashed
# says: push ended the whole process
# spares: the grades, the hidden tests

import kit


class Pile:
    def __init__(self):
        kit.desk()._objects._numbers[id(self)] = 12345
