"""`grader data`: where the data sets are, whether they are intact, and how to get them."""

import numpy as np
import pytest

from grader import data
from grader.cli import main
from grader.data import mnist
from tests.tiny_mnist import COMPRESSED, NAMES, mirror, tiny, write


@pytest.fixture(autouse=True)
def bare(tmp_path, monkeypatch):
    """Be on a machine without MNIST, with a cache of our own."""
    monkeypatch.delenv("GRADER_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(mnist, "MNIST", tiny())


@pytest.fixture
def run(capsys):
    """Give `run("where", "mnist")`: exit code and lines printed."""

    def call(*arguments: str) -> tuple[int, list[str]]:
        code = main(["data", *arguments])
        shown = capsys.readouterr()
        return code, (shown.out + shown.err).splitlines()

    return call


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Give the folder of an intact collection in $GRADER_DATA."""
    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "given"))
    return write(tmp_path / "given", COMPRESSED)


def test_where_names_the_places(run, given):
    """One line for each data set."""
    assert run("where") == (0, [f"digits  {data.DIGITS}", f"mnist   {given}"])


def test_where_says_where_it_looked(run):
    """Exit 1 only if it was asked about this one."""
    told = f"mnist   not found in {mnist.cache_folder()}; `grader data fetch mnist` gets it"

    assert run("where") == (0, [f"digits  {data.DIGITS}", told])
    assert run("where", "mnist") == (1, [told])


@pytest.mark.parametrize("action", ["where", "verify", "fetch"])
def test_an_unknown_name_is_an_error(run, action):
    """Exit 2, with a suggestion."""
    assert run(action, "mnits") == (
        2, ["grader: no data set 'mnits'; did you mean 'mnist'? (there is: digits, mnist)"],
    )  # fmt: skip


def test_verify_checks_every_file(run, given):
    """All intact: exit 0."""
    code, lines = run("verify")

    assert code == 0
    assert lines == [
        f"digits  {data.DIGITS} is intact",
        *(f"mnist   {given / name}.gz is intact" for name in NAMES),
    ]


def test_verify_names_what_is_damaged_or_missing(run, given):
    """Exit 1, and all files are checked all the same."""
    (given / f"{NAMES[0]}.gz").write_bytes(COMPRESSED[f"{NAMES[0]}.gz"][:-9])
    (given / f"{NAMES[1]}.gz").unlink()

    code, lines = run("verify", "mnist")

    assert code == 1
    assert lines == [
        f"mnist   {given / NAMES[0]}.gz is damaged (it ends early)",
        f"mnist   {given / NAMES[1]} is missing",
        f"mnist   {given / NAMES[2]}.gz is intact",
        f"mnist   {given / NAMES[3]}.gz is intact",
    ]


def test_verify_of_nothing(run):
    """What is not there is not damaged, but a program that asks for it must hear no."""
    assert run("verify")[0] == 0
    assert run("verify", "mnist")[0] == 1


def test_verify_notices_damaged_digits(run, tmp_path, monkeypatch):
    """They come with the grader, so that is what to install again."""
    damaged = tmp_path / "digits.npz"
    damaged.write_bytes(data.DIGITS.read_bytes()[:-1])
    monkeypatch.setattr(data, "DIGITS", damaged)

    assert run("verify", "digits") == (
        1, [f"digits  {damaged} is damaged; install the grader again"],
    )  # fmt: skip


def test_fetch_says_where_the_files_are(run, monkeypatch):
    """And how to carry them to another machine; the second time nothing is downloaded."""
    with mirror() as (address, asked):
        monkeypatch.setattr(mnist, "MNIST", tiny(address))
        first, second = run("fetch", "mnist"), run("fetch")

    assert len(asked) == 4
    assert first == (
        0,
        [
            f"mnist   {mnist.cache_folder()}",
            f"For a machine without network, copy {mnist.cache()} there "
            "and set GRADER_DATA to the copy.",
        ],
    )
    assert second == (0, [f"digits  {data.DIGITS} comes with the grader", *first[1]])
    assert run("verify", "mnist")[0] == 0


def test_fetch_without_network_is_an_error(run):
    """Exit 2, and a sentence."""
    code, lines = run("fetch", "mnist")

    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith("grader: mnist cannot be downloaded (")


def test_torchvision_reads_the_digits_as_mnist(run, tmp_path):
    """`torchvision.datasets.MNIST(DIR)` finds the digits, images and labels."""
    datasets = pytest.importorskip(
        "torchvision.datasets",
        reason="torchvision is not installed: nobody read the digits as MNIST",
    )
    assert run("digits", "--as-mnist", str(tmp_path / "digits"))[0] == 0

    digits = data.load("digits")
    for train, images, labels in (
        (True, digits.train_images, digits.train_labels),
        (False, digits.test_images, digits.test_labels),
    ):
        read = datasets.MNIST(tmp_path / "digits", train=train, download=False)
        np.testing.assert_array_equal(read.data.numpy(), images)
        np.testing.assert_array_equal(read.targets.numpy(), labels)
        image, label = read[0]
        assert (image.size, label) == ((28, 28), labels[0])


def test_digits_written_as_mnist_are_not_taken_for_it(run, tmp_path, monkeypatch):
    """Writing them twice is no harm; grading on them in MNIST's place would be."""
    for _ in range(2):
        code, lines = run("digits", "--as-mnist", str(tmp_path / "digits"))
        assert code == 0
        assert lines[0].startswith(f"{tmp_path / 'digits' / 'MNIST' / 'raw'}: the digits, for")

    monkeypatch.setenv("GRADER_DATA", str(tmp_path / "digits"))
    code, lines = run("verify", "mnist")
    assert code == 1
    assert all("is damaged" in line for line in lines)


def test_the_digits_never_mix_with_a_real_mnist(run, given):
    """A folder that holds other files is refused, and stays as it is."""
    code, lines = run("digits", "--as-mnist", str(given.parent.parent))

    assert code == 2
    assert lines[0].startswith(f"grader: {given} already holds ")
    assert {path.name for path in given.iterdir()} == set(COMPRESSED)


def test_a_folder_that_cannot_be_made_is_an_error(run, tmp_path):
    """Exit 2, and why."""
    (tmp_path / "file").write_text("")

    assert run("digits", "--as-mnist", str(tmp_path / "file")) == (
        2,
        [
            f"grader: cannot write to {tmp_path / 'file' / 'MNIST' / 'raw'} (Not a directory); "
            "name another folder"
        ],
    )
