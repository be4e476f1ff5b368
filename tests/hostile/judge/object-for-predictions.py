"""Predict with an object that looks like an array of labels."""
# must: classify failed
# says: the predictions are (a|an) Labels, expected an array
# spares: the grades


class Labels:
    shape, ndim = (200,), 1

    def __len__(self):
        return 200

    def __getitem__(self, index):
        return 0

    def __eq__(self, other):
        return True


def classify(points):
    return Labels()
