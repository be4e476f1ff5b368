"""Pictures on their way from a check into a result."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from grader.checks import (
    CheckFailure,
    assert_accuracy,
    assert_allclose,
    assert_gradient,
    show_curve,
)
from grader.checks.picture import Confusion, Curves, GradientMap, Images, Picture
from grader.checks.shown import forget_pictures, note_picture, noted_pictures
from grader.drawing.album import Album
from grader.results import Drawing, Outcome, Result, Visibility

RAMP = np.linspace(0, 1, 64).reshape(8, 8)


@pytest.fixture(autouse=True)
def _another_test() -> None:
    forget_pictures()


def picture_of(check: object, *arguments: object, **options: object) -> Picture | None:
    """Return the picture of a check that must fail."""
    with pytest.raises(CheckFailure) as caught:
        check(*arguments, **options)
    return caught.value.picture


def test_wrong_images_and_curves_have_a_picture():
    """One axis is a curve, two are an image, and three channels a colour image."""
    assert isinstance(picture_of(assert_allclose, RAMP + 1, RAMP, picture=True), Images)
    assert isinstance(picture_of(assert_allclose, RAMP[0] + 1, RAMP[0], picture=True), Curves)
    assert isinstance(picture_of(assert_allclose, RAMP[:3], RAMP, picture=True), Images)
    assert picture_of(assert_allclose, RAMP + 1, RAMP) is None
    assert picture_of(assert_allclose, 3, 4, picture=True) is None
    assert picture_of(assert_allclose, "image", RAMP, picture=True) is None


def test_a_huge_array_has_no_picture():
    """A student's function can return anything; drawing it would cost time and memory."""
    huge = np.zeros((2000, 2000), np.uint8)
    assert picture_of(assert_allclose, huge, RAMP, picture=True) is None


def cube(x: np.ndarray) -> float:
    """Return a number whose gradient is 3 x squared."""
    return float(np.sum(x**3))


@pytest.mark.parametrize(
    ("shape", "matrix"),
    [((4,), (1, 4)), ((3, 5), (3, 5)), ((2, 3, 4), (2, 12)), ((2, 2, 2, 2), (2, 8))],
)
def test_a_wrong_gradient_has_a_map(shape, matrix):
    """Its rows are the first axis, its columns all others, and both are numbered."""
    x = np.random.default_rng(1).normal(size=shape)
    picture = picture_of(assert_gradient, cube, x, 2 * x)
    assert isinstance(picture, GradientMap)
    assert np.array_equal(picture.got, (2 * x).reshape(matrix))
    assert np.allclose(picture.measured, (3 * x**2).reshape(matrix))
    assert (picture.rows.size, picture.columns.size) == matrix
    assert list(picture.columns) == list(range(matrix[1]))


def test_of_a_large_gradient_the_map_shows_what_was_measured():
    """The elements are found again by their rows and columns."""
    x = np.random.default_rng(1).normal(size=(20, 3, 30))
    picture = picture_of(assert_gradient, cube, x, 2 * x)
    assert isinstance(picture, GradientMap)
    assert picture.got.size <= 64
    whole = (2 * x).reshape(20, 90)
    assert np.array_equal(picture.got, whole[np.ix_(picture.rows, picture.columns)])


def test_a_single_number_is_read_rather_than_looked_at():
    """A gradient of one element has no map."""
    assert picture_of(assert_gradient, lambda x: x**2, 3.0, 5.0) is None


IMAGES = np.random.default_rng(2).integers(0, 256, (40, 8, 8), np.uint8)
LABELS = np.arange(40) % 4


def test_predictions_have_a_table_whether_they_are_good_or_not():
    """The surest mistakes come first, with their images."""
    scores = np.eye(4)[LABELS] * 9
    scores[5] = [0, 0, 7, 0]  # a 1, surely taken for 2
    scores[6] = [0, 0, 0, 0.5]  # a 2, just about taken for 3
    assert_accuracy(lambda _: scores, IMAGES, LABELS, {0.9: 1.0})
    (picture,) = noted_pictures()
    assert isinstance(picture, Confusion)
    assert picture.counts[1, 2] == picture.counts[2, 3] == 1
    assert picture.counts.trace() == 38
    assert [(each.label, each.predicted) for each in picture.examples] == [(1, 2), (2, 3)]
    assert np.array_equal(picture.examples[0].image, IMAGES[5])


def test_classes_alone_have_a_table_too():
    """Without scores the first mistakes are shown, and at most eight."""
    with pytest.raises(CheckFailure):
        assert_accuracy(lambda i: np.zeros(len(i), int), IMAGES, LABELS, {0.9: 1.0}, batch=7)
    (picture,) = noted_pictures()
    assert [each.label for each in picture.examples] == [1, 2, 3, 1, 2, 3, 1, 2]


def test_examples_that_are_no_images_are_not_shown():
    """Features in a row have no shape to draw."""
    assert_accuracy(lambda _: LABELS[::-1], IMAGES.reshape(40, -1), LABELS, {0.0: 1.0})
    assert noted_pictures()[0].examples == ()


@pytest.mark.parametrize(
    "values", [[2.3, 1.1, 0.7], [3, 2], np.array([1.0, np.nan]), np.float32([1, 2, 3])]
)
def test_a_test_can_show_a_curve(values):
    """Lists and arrays will do, and the curve does not change with them later."""
    show_curve(values, name="loss")
    (picture,) = noted_pictures()
    assert picture.name == "loss"
    assert np.array_equal(picture.got, values, equal_nan=True)
    assert picture.got is not values


class Liar(list):
    """A list that a student could have made."""

    def __iter__(self) -> object:
        """Do harm, if asked."""
        pytest.fail("a student's method was called")


@pytest.mark.parametrize(
    "values",
    [None, "12", [1.0], ["a", "b"], [1, None], [10**400, 1], Liar([1, 2]), np.zeros((2, 2)),
     np.array(["a", "b"]), np.zeros(2_000_000)],
)  # fmt: skip
def test_what_is_no_curve_is_not_shown(values):
    """A student's function may return anything."""
    show_curve(values)
    assert noted_pictures() == ()


def test_a_test_has_few_pictures():
    """And none of the test before it."""
    for _ in range(9):
        show_curve([1.0, 2.0])
    assert len(noted_pictures()) == 3
    forget_pictures()
    assert noted_pictures() == ()


def test_an_album_draws_failures_and_what_was_shown():
    """The picture of the failure comes first."""
    show_curve([2.0, 1.0], name="loss")
    error = CheckFailure("wrong", picture=Images(RAMP, RAMP.T))
    drawn = Album(keep_images=False).add("t.py::test", error)
    assert [each.caption.partition(":")[0] for each in drawn] == [
        "got", "expected", "difference", "loss",
    ]  # fmt: skip
    assert Album(keep_images=False).add("t.py::test", ValueError("no"))[0].caption == "loss"


def test_the_pictures_of_a_submission_have_limited_room():
    """However many tests fail, a result file stays small; small pictures still fit."""
    album, size = Album(keep_images=False), 0
    noise = np.random.default_rng(1).random((96, 96, 3))
    for number in range(40):
        drawn = album.add(
            f"test_{number}", CheckFailure("wrong", picture=Images(noise, noise[::-1]))
        )
        size += sum(len(each.data) for each in drawn)
    assert 100_000 < size <= 300_000
    note_picture(Curves(np.arange(3.0)))
    assert album.add("last", None)


def test_only_images_that_are_kept_are_saved(tmp_path):
    """A grade keeps none in memory."""
    error = CheckFailure("wrong", picture=Images(RAMP, RAMP.T))
    for keep in (False, True):
        album = Album(keep_images=keep)
        album.add("test_a.py::test_[1-2]", error)
        (folder := tmp_path / str(keep)).mkdir()
        album.save(folder)
        saved = [path.name for path in folder.iterdir()]
        assert saved == (["01-test_a-py-test_-1-2.png"] if keep else [])


RESULT = Result(
    test="t.py::test", task="pad", title="A test.", visibility=Visibility.PUBLIC, points=1.0,
    outcome=Outcome.FAILED, seconds=0.5, feedback="wrong",
)  # fmt: skip
DRAWING = Drawing(caption="got", alt="What came out.", media="image/png", width=60, data="iVBORw==")


def test_a_result_file_holds_the_pictures():
    """What is written can be read again, and files without pictures still can."""
    drawn = replace(RESULT, pictures=(DRAWING, DRAWING))
    assert Result.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn
    assert "pictures" not in RESULT.to_json()
    assert Result.from_json(RESULT.to_json()) == RESULT


@pytest.mark.parametrize(
    "change",
    [
        {"media": "text/html"},
        {"media": "image/png;x"},
        {"data": '"><script>'},
        {"data": ""},
        {"data": "a\nb="},
        {"width": -1},
        {"width": 10**9},
        {"width": "9px;color:red"},
        {"data": None},
    ],
)
def test_what_is_no_picture_is_refused(change):
    """A result file may come from elsewhere."""
    entry = RESULT.to_json() | {"pictures": [asdict(DRAWING) | change]}
    with pytest.raises((ValueError, TypeError)):
        Result.from_json(entry)
