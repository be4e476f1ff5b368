"""Return lists that share themselves, so that a small answer is written out exponentially."""
# must: classify failed|timeout
# says: too large|still running|nested too deeply
# spares: the grades, the processes


def classify(points):
    nest = [0]
    for _ in range(30):
        nest = [nest, nest]
    return nest
