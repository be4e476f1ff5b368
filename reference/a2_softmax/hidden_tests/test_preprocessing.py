"""Hidden tests of preprocessing.py: other numbers, single rows, slices, and every limit."""

import numpy as np
import pytest

from grader.checks import CheckFailure, assert_allclose, assert_raises, assert_unchanged


def numbered(N, D=3):
    """Make N examples of which each tells its own number, and those numbers as labels."""
    y = np.arange(N)
    return y[:, np.newaxis] + np.linspace(0.0, 0.5, D), y


def standardised(images, mean, std):
    """Standardise by the definition."""
    rows = [[*((pixel - mean) / std for pixel in image.ravel().tolist()), 1.0] for image in images]
    return np.array(rows)


@pytest.mark.task("preprocess", points=1)
def test_random_pixels_are_standardised(student, rng):
    """Any bytes, with any mean and std, row of the image after row."""
    images = rng.integers(0, 256, (4, 28, 28), np.uint8)
    for mean, std in [(33.32, 78.57), (200.5, 3.25), (-1.5, 0.125)]:
        assert_allclose(
            student.preprocessing.preprocess(images, mean, std),
            standardised(images, mean, std),
            name=f"mean {mean}, std {std}: X",
        )


@pytest.mark.task("preprocess", points=1)
def test_whole_numbers_do_not_wrap(student):
    """A mean that is a whole number is no reason to compute with bytes: 0 - 100 is -100."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[1, 3, 4] = 255
    assert_allclose(
        student.preprocessing.preprocess(images, 100, 50),
        standardised(images, 100, 50),
        name="X",
        hint="A uint8 wraps around below 0. Convert before you subtract.",
    )


@pytest.mark.task("preprocess", points=1)
def test_images_do_not_influence_one_another(student, dataset):
    """An image gives the same row alone as among others, and slices of a batch work."""
    images = dataset.test_images[::7][:9, ::-1]
    mean, std = dataset.pixel_mean, dataset.pixel_std
    X = assert_unchanged(student.preprocessing.preprocess, images, mean, std, names=("images",))
    assert_allclose(X, standardised(images, mean, std), name="X")
    alone = student.preprocessing.preprocess(images[4:5], mean, std)
    assert_allclose(
        alone,
        X[4:5].copy(),
        name="X of one image",
        hint="Every image is standardised with the two numbers that are given.",
    )


@pytest.mark.task("preprocess", points=1)
def test_other_numbers_of_axes_are_refused(student):
    """Images with a channel axis, and flat ones, are refused, and a batch of two is not."""
    preprocess = student.preprocessing.preprocess
    images = np.full((2, 28, 28), 9, np.uint8)
    assert_allclose(preprocess(images, 7.0, 2.0), np.ones((2, 785)), name="X")
    with_channels, flat = images.reshape(2, 28, 28, 1), images.reshape(2, 784)
    assert_raises(
        ValueError, preprocess, with_channels, 7.0, 2.0, name="preprocess of (2, 28, 28, 1) images"
    )
    assert_raises(ValueError, preprocess, flat, 7.0, 2.0, name="preprocess of (2, 784) images")


@pytest.mark.task("one_hot", points=1)
def test_random_labels_become_rows(student, rng):
    """Any number of labels, of any integer dtype, and classes that do not occur."""
    for N, C, dtype in [(7, 10, np.int64), (40, 3, np.uint8), (5, 200, np.int16)]:
        labels = rng.integers(0, C, N).astype(dtype)
        expected = np.array([[float(c == label) for c in range(C)] for label in labels])
        result = assert_unchanged(student.preprocessing.one_hot, labels, C, names=("labels",))
        assert_allclose(result, expected, name=f"N = {N}, C = {C}: encoded")


@pytest.mark.task("one_hot", points=1)
def test_slices_of_labels_become_rows(student):
    """Labels with gaps in memory, all alike, or of a single class, become rows."""
    one_hot = student.preprocessing.one_hot
    labels = np.array([4, 0, 1, 0, 1, 0])[::2]
    expected = np.array([[0.0, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 1, 0, 0, 0]])
    assert_allclose(one_hot(labels, 5), expected, name="encoded")
    assert_allclose(one_hot(np.array([0, 0, 0]), 1), np.ones((3, 1)), name="encoded")


@pytest.mark.task("one_hot", points=1)
def test_what_is_no_list_of_labels_is_refused(student):
    """Any label that is out of range, and labels with a second axis, are refused."""
    one_hot = student.preprocessing.one_hot
    assert_allclose(
        one_hot(np.array([1, 0]), 2), np.array([[0.0, 1.0], [1.0, 0.0]]), name="encoded"
    )
    for label in (2, 7, -2, -3):
        labels = np.array([1, label, 0])
        assert_raises(ValueError, one_hot, labels, 2, name=f"one_hot of label {label} of 2 classes")
    assert_raises(
        ValueError, one_hot, np.array([200], np.uint8), 200, name="one_hot of label 200 of 200"
    )
    assert_raises(ValueError, one_hot, np.array([[1], [0]]), 2, name="one_hot of (2, 1) labels")


@pytest.mark.task("train_validation_split", points=1)
def test_the_sizes_are_rounded(student):
    """The validation part has the nearest whole number of examples."""
    for N, fraction, aside in [
        (11, 0.3, 3),
        (7, 0.25, 2),
        (60, 0.1, 6),
        (5, 0.9, 4),
        (100, 0.29, 29),
    ]:
        X, y = numbered(N)
        split = student.preprocessing.train_validation_split(
            X, y, fraction, np.random.default_rng(N)
        )
        sizes = [len(part) for part in split]
        expected = [N - aside, N - aside, aside, aside]
        assert_allclose(
            sizes,
            expected,
            name=f"{fraction} of {N} examples: the list of the sizes of the parts",
            hint="0.29 * 100 is 28.999999999999996: round, do not cut off.",
        )


@pytest.mark.task("train_validation_split", points=1)
def test_the_parts_are_disjoint_and_complete(student):
    """Whatever the generator: no example is in both parts, none is missing, none is relabelled."""
    for seed in range(5):
        X, y = numbered(23)
        X_train, y_train, X_validation, y_validation = assert_unchanged(
            student.preprocessing.train_validation_split,
            X,
            y,
            0.4,
            np.random.default_rng(seed),
            names=("X", "y"),
        )
        together = np.concatenate([y_train, y_validation])
        assert_allclose(np.sort(together), y, name="all labels, sorted")
        assert_allclose(X_train, X[y_train], name="X_train")
        assert_allclose(X_validation, X[y_validation], name="X_validation")


@pytest.mark.task("train_validation_split", points=1)
def test_every_example_may_be_put_aside(student):
    """First, last and middle examples are put aside equally often."""
    X, y = numbered(8)
    counts = np.zeros(8)
    for seed in range(60):
        split = student.preprocessing.train_validation_split(X, y, 0.5, np.random.default_rng(seed))
        counts[split[3]] += 1
    # 30 expected, with a standard deviation of 3.9: a right solution never comes near.
    if counts.min() < 8 or counts.max() > 52:
        raise CheckFailure(
            f"in 60 splits in half, the examples are put aside {counts.astype(int).tolist()} times",
            "Every order must be possible: rng.permutation.",
        )


@pytest.mark.task("train_validation_split", points=1)
def test_lengths_that_differ_are_refused(student):
    """More labels than examples are refused, as many are not; slices of arrays work."""
    split = student.preprocessing.train_validation_split
    X, y = numbered(12, 4)
    X, y = X[::2, ::-1], y[::2]
    X_train, y_train, _, y_validation = split(X, y, 0.3, np.random.default_rng(3))
    assert_allclose(X_train, X[y_train // 2].copy(), name="X_train")
    assert_allclose(len(y_validation), 2, name="len(y_validation)")
    rng = np.random.default_rng(3)
    assert_raises(ValueError, split, X, np.arange(7), 0.3, rng, name="the split of 6 and 7 rows")


@pytest.mark.task("minibatches", points=1)
def test_batches_of_every_size(student):
    """Batches of one, of all, of more than all, and sizes that divide or do not."""
    for N, batch_size in [(6, 1), (6, 6), (6, 100), (6, 3), (7, 3), (1, 4), (9, 8)]:
        X, y = numbered(N)
        batches = list(
            student.preprocessing.minibatches(X, y, batch_size, np.random.default_rng(N))
        )
        expected = [min(batch_size, N - start) for start in range(0, N, batch_size)]
        sizes = [len(X_batch) for X_batch, _ in batches]
        assert_allclose(
            sizes, expected, name=f"{N} examples by {batch_size}: the list of batch sizes"
        )
        labels = np.sort(np.concatenate([y_batch for _, y_batch in batches]))
        assert_allclose(labels, y, name=f"{N} examples by {batch_size}: the labels, sorted")


@pytest.mark.task("minibatches", points=1)
def test_labels_stay_with_their_examples(student, rng):
    """Each row keeps its label and its numbers, and nothing is changed in place."""
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 10, 40).astype(np.uint8)
    batches = list(
        assert_unchanged(
            student.preprocessing.minibatches,
            X,
            y,
            7,
            np.random.default_rng(5),
            names=("X", "y"),
        )
    )
    rows = np.concatenate([X_batch for X_batch, _ in batches])
    labels = np.concatenate([y_batch for _, y_batch in batches])
    assert_allclose(np.sort(rows[:, 0]), np.sort(X[:, 0]), name="the first column, sorted")
    order = [int(np.argmin(np.abs(X[:, 0] - first))) for first in rows[:, 0]]
    assert_allclose(rows, X[order], name="the rows")
    assert_allclose(labels, y[order], name="the labels")


@pytest.mark.task("minibatches", points=1)
def test_all_orders_are_possible(student):
    """Over many generators every example comes first at times, and batches are mixed anew."""
    X, y = numbered(6)
    firsts, pairs = set(), set()
    for seed in range(120):
        (_, y_first), *_ = student.preprocessing.minibatches(X, y, 2, np.random.default_rng(seed))
        firsts.add(int(y_first[0]))
        pairs.add(frozenset(y_first.tolist()))
    assert_allclose(sorted(firsts), list(range(6)), name="the examples that came first")
    if len(pairs) < 12:  # of 15; the chance to miss one in 120 draws is 0.4 %
        raise CheckFailure(
            f"only {len(pairs)} of 15 pairs of examples ever share the first batch",
            "Shuffle the examples, and not only the order of batches that are always the same.",
        )


@pytest.mark.task("minibatches", points=1)
def test_one_generator_gives_one_epoch_after_another(student):
    """A generator that has been used gives another order than a fresh one."""
    X, y = numbered(50)
    orders = []
    for draws in (0, 1, 2):
        rng = np.random.default_rng(11)
        rng.random(draws)
        batches = student.preprocessing.minibatches(X, y, 20, rng)
        orders.append(np.concatenate([y_batch for _, y_batch in batches]).tolist())
    if orders[0] == orders[1] or orders[1] == orders[2]:
        raise CheckFailure(
            "the second epoch has the order of the first",
            "The order follows from the state of `rng`. Do not make a generator of your own.",
        )


@pytest.mark.task("minibatches", points=1)
def test_batches_of_unequal_lengths_are_refused(student):
    """Examples and labels of different number are refused, at the latest by the first batch."""

    def first_batch(X, y):
        return next(iter(student.preprocessing.minibatches(X, y, 2, np.random.default_rng(0))))

    X, y = numbered(4)
    X_batch, y_batch = first_batch(X[::2], y[::2])
    assert_allclose(X_batch, X[y_batch], name="X_batch")
    for labels in (np.arange(5), np.arange(3)):
        assert_raises(
            ValueError, first_batch, X, labels, name=f"minibatches of 4 rows, {len(labels)} labels"
        )
