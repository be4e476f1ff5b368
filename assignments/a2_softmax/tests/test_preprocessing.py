"""Public tests of preprocessing.py."""

import numpy as np
import pytest

from grader.checks import (
    CheckFailure,
    assert_allclose,
    assert_raises,
    assert_source,
    assert_unchanged,
)

# Ten examples whose two columns both tell their label: 3 stands beside [3, 30].
LABELS = np.arange(10)
EXAMPLES = np.stack([LABELS, 10 * LABELS], axis=1).astype(np.float64)
TOGETHER = "Draw one random order, and use it as an index for X and for y."
GLOBAL = [f"numpy.random.{name}" for name in ("seed", "permutation", "shuffle", "choice")]
DRAW = "Let `rng` draw: rng.permutation(n) gives 0..n-1 in a random order."


@pytest.mark.task("preprocess", points=1)
def test_pixels_are_standardised_and_a_1_is_added(student):
    """Each image becomes a row of 784 standardised pixels, with a 1 at its end."""
    images = np.zeros((3, 28, 28), np.uint8)
    images[1], images[2] = 100, 200
    expected = np.ones((3, 785))
    expected[:, :784] = [[-2.0], [0.0], [2.0]]
    assert_allclose(
        student.preprocessing.preprocess(images, 100.0, 50.0),
        expected,
        name="X",
        hint="(0 - 100) / 50 is -2. The 1 comes after the pixels, and is not standardised.",
    )


@pytest.mark.task("preprocess", points=1)
def test_a_handwritten_digit_is_standardised(student, dataset):
    """A test image is standardised with the numbers of the training images."""
    mean, std = dataset.pixel_mean, dataset.pixel_std
    image = dataset.test_images[:1]
    X = assert_unchanged(
        student.preprocessing.preprocess, image, mean, std, names=("images", "mean", "std")
    )
    expected = np.ones((1, 785))
    expected[0, :784] = (image[0].ravel() - mean) / std
    assert_allclose(
        X,
        expected,
        name="X",
        hint="`mean` and `std` are given: they are not those of the images at hand.",
    )


@pytest.mark.task("preprocess", points=1)
def test_what_cannot_be_standardised_is_refused(student):
    """A batch of one image works; a single image without a batch, and std = 0, are refused."""
    preprocess = student.preprocessing.preprocess
    images = np.full((1, 28, 28), 7, np.uint8)
    assert_allclose(preprocess(images, 6.0, 1.0), np.ones((1, 785)), name="X")
    assert_raises(ValueError, preprocess, images, 6.0, 0.0, name="preprocess with std = 0")
    assert_raises(
        ValueError,
        preprocess,
        images[0],
        6.0,
        1.0,
        name="preprocess of a (28, 28) image",
        hint="images.ndim says how many axes an array has.",
    )


@pytest.mark.task("one_hot", points=1)
def test_each_label_becomes_a_row(student):
    """Each label becomes a row of zeros with a 1 in its place."""
    assert_allclose(
        student.preprocessing.one_hot(np.array([2, 0, 1, 2]), 3),
        np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        name="encoded",
        hint="Row n has its 1 in column labels[n]. np.zeros and one indexed assignment will do.",
    )


@pytest.mark.task("one_hot", points=1)
def test_a_single_label_stays_a_row(student):
    """A single label, of any integer dtype, gives one row; C may be more than the labels show."""
    for dtype in (np.uint8, np.int32, np.int64):
        assert_allclose(
            student.preprocessing.one_hot(np.array([1], dtype), 4),
            np.array([[0.0, 1.0, 0.0, 0.0]]),
            name=f"{np.dtype(dtype)} label: encoded",
            hint="N = 1 is a batch too: its shape is (1, C). np.squeeze would remove that axis.",
        )


@pytest.mark.task("one_hot", points=1)
def test_labels_that_are_no_class_are_refused(student):
    """With 3 classes the label 2 is the last one; 3 and -1 are refused."""
    one_hot = student.preprocessing.one_hot
    assert_allclose(one_hot(np.array([2]), 3), np.array([[0.0, 0.0, 1.0]]), name="encoded")
    assert_raises(ValueError, one_hot, np.array([0, 3]), 3, name="one_hot of label 3 of 3 classes")
    assert_raises(
        ValueError,
        one_hot,
        np.array([0, -1]),
        3,
        name="one_hot of label -1",
        hint="Python counts -1 from the end; as a class it is a mistake.",
    )


@pytest.mark.task("train_validation_split", points=1)
def test_no_example_is_lost_or_used_twice(student):
    """A fifth of ten examples is put aside; each is in one of the two parts, with its label."""
    split = student.preprocessing.train_validation_split(
        EXAMPLES, LABELS, 0.2, np.random.default_rng(1)
    )
    X_train, y_train, X_validation, y_validation = split
    assert_allclose(len(X_train), 8, name="len(X_train)")
    assert_allclose(len(X_validation), 2, name="len(X_validation)")
    both = np.concatenate([y_train, y_validation])
    assert_allclose(
        np.sort(both),
        LABELS,
        name="all labels, sorted",
        hint="An example in both parts would be judged by a model that has learned it by heart.",
    )
    assert_allclose(X_train, EXAMPLES[y_train], name="X_train", hint=TOGETHER)
    assert_allclose(X_validation, EXAMPLES[y_validation], name="X_validation", hint=TOGETHER)


@pytest.mark.task("train_validation_split", points=1)
def test_sorted_examples_are_shuffled(student):
    """Which examples are put aside follows from the generator, and from nothing else."""
    asides = [
        student.preprocessing.train_validation_split(
            EXAMPLES.repeat(10, axis=0), np.arange(100), 0.3, np.random.default_rng(seed)
        )[3]
        for seed in (1, 1, 2)
    ]
    if set(asides[0]) != set(asides[1]):
        raise CheckFailure("equal generators put different examples aside", DRAW)
    if set(asides[0]) == set(asides[2]):
        raise CheckFailure("different generators put the same examples aside", DRAW)
    assert_source(student.preprocessing, banned=GLOBAL, hint=DRAW)


@pytest.mark.task("train_validation_split", points=1)
def test_examples_without_labels_are_refused(student):
    """Ten examples and ten labels can be split; ten and nine cannot."""
    split = student.preprocessing.train_validation_split
    parts = split(EXAMPLES, LABELS, 0.5, np.random.default_rng(1))
    assert_allclose(len(parts[1]), 5, name="len(y_train)")
    rng = np.random.default_rng(1)
    assert_raises(
        ValueError, split, EXAMPLES, LABELS[:9], 0.5, rng, name="the split of 10 and 9 rows"
    )


@pytest.mark.task("minibatches", points=2)
def test_an_epoch_has_every_example_once(student):
    """Ten examples in batches of four: 4, 4 and 2, each example once and with its label."""
    batches = list(student.preprocessing.minibatches(EXAMPLES, LABELS, 4, np.random.default_rng(1)))
    assert_allclose(
        [len(X_batch) for X_batch, _ in batches],
        [4, 4, 2],
        name="the list of batch sizes",
        hint="The last batch may be smaller, but is not left out.",
    )
    labels = np.concatenate([y_batch for _, y_batch in batches])
    assert_allclose(np.sort(labels), LABELS, name="all labels of the epoch, sorted")
    for X_batch, y_batch in batches:
        assert_allclose(X_batch, EXAMPLES[y_batch], name="X_batch", hint=TOGETHER)


@pytest.mark.task("minibatches", points=1)
def test_the_order_follows_from_the_generator(student):
    """Equal generators give equal orders, different ones different orders, and none is sorted."""
    orders = []
    for seed in (1, 1, 2):
        batches = student.preprocessing.minibatches(
            np.ones((100, 2)), np.arange(100), 30, np.random.default_rng(seed)
        )
        orders.append(np.concatenate([y_batch for _, y_batch in batches]))
    if not np.array_equal(orders[0], orders[1]):
        raise CheckFailure("equal generators give different orders", DRAW)
    if np.array_equal(orders[0], orders[2]):
        raise CheckFailure("different generators give the same order", DRAW)
    if np.array_equal(orders[0], np.arange(100)):
        raise CheckFailure("the examples come in their original order", DRAW)
    assert_source(student.preprocessing, banned=GLOBAL, hint=DRAW)
