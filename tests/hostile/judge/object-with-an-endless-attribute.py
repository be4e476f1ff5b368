"""Be an object of which looking at an attribute takes for ever."""
# must: test_an_empty_pile passed, test_an_object_of_the_submission timeout
# says: top was still running when its time was up
# spares: the grades, the processes


class Pile:
    def __len__(self):
        return 0

    def push(self, number):
        pass

    @property
    def top(self):
        while True:
            pass
