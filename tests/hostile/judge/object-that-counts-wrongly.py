"""Be an object whose length is negative, and then not a number."""
# must: Pile failed
# says: raised ValueError|interfered
# spares: the grades


class Pile:
    top = 0.0

    def push(self, number):
        self.top = number

    def __len__(self):
        return -1
