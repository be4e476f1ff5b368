"""Be an object of which looking at an attribute takes for ever."""
# must: Pile timeout
# says: top was still running when its time was up
# spares: the grades, the processes


class Pile:
    def push(self, number):
        pass

    @property
    def top(self):
        while True:
            pass
