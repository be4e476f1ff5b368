"""MNIST: where it is looked for, what is believed, and how it is downloaded."""

import gzip
import multiprocessing
import socket
import struct
import sys
import threading

import numpy as np
import pytest

import grader.data
from grader.data import download, idx, mnist
from grader.errors import GraderError
from tests.tiny_mnist import COMPRESSED, CONTENTS, NAMES, SHAPES, honest, mirror, tiny, write

LABELS = "train-labels-idx1-ubyte"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Give a cache of our own, still empty, on a machine where $GRADER_DATA is not set."""
    monkeypatch.delenv("GRADER_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return mnist.cache_folder()


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Give `given({file: bytes})`: these files in torchvision's layout in $GRADER_DATA."""

    def write_files(files):
        monkeypatch.setenv("GRADER_DATA", str(tmp_path / "given"))
        return write(tmp_path / "given", files)

    return write_files


@pytest.fixture
def dead():
    """Give the address of a mirror that is down."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}/"  # bound, but nobody listens


# ---------------------------------------------------------------- the real thing


def test_the_real_mnist_is_recognised(real_mnist):
    """Form, and a few numbers that everybody who works with MNIST knows."""
    grader.data.load.cache_clear()
    data = grader.data.load("mnist")

    assert data.name == "mnist"
    assert (data.train_images.shape, data.test_images.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert np.bincount(data.test_labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert (data.train_images / 255).mean().round(4) == 0.1307
    assert (data.train_images / 255).std().round(4) == 0.3081


def test_the_pinned_checksums_are_those_of_the_real_files(real_mnist):
    """The compressed files are what a mirror must send."""
    for file in mnist.MNIST.files:
        path = mnist.path_of(file, real_mnist)
        if path.suffix != ".gz":
            pytest.skip("MNIST is here, but extracted: the checksums of the downloads do not apply")
        assert download.sha256_of(path) == file.gz_sha256


@pytest.fixture
def real_mnist(cache, request, monkeypatch):
    """Give the folder of the real MNIST, if this machine has it."""
    monkeypatch.undo()
    folder = mnist.find(mnist.MNIST)
    if folder is None:
        pytest.skip("MNIST is not on this machine: `grader data fetch mnist` gets it")
    return folder


# ---------------------------------------------------------------- where it is looked for


@pytest.mark.parametrize("files", [CONTENTS, COMPRESSED], ids=["extracted", "compressed"])
def test_files_in_grader_data_are_read(given, files):
    """Compressed or extracted, without a mirror."""
    folder = given(files)

    arrays = download.load(tiny())

    assert mnist.find(tiny()) == folder
    assert [array.shape for array in arrays] == list(SHAPES)
    assert [idx.serialize(array) for array in arrays] == list(CONTENTS.values())


def test_files_directly_in_grader_data_are_read(given, monkeypatch):
    """$GRADER_DATA may also name the folder with the files."""
    folder = given(COMPRESSED)
    monkeypatch.setenv("GRADER_DATA", str(folder))

    assert mnist.find(tiny()) == folder


def test_the_cache_is_next(given, cache):
    """A folder that lacks one of the four is passed over."""
    given(dict(list(COMPRESSED.items())[:3]))
    write(mnist.cache(), COMPRESSED)

    assert mnist.find(tiny()) == cache
    assert len(download.load(tiny())) == 4


def test_finding_reads_nothing(given):
    """Whether files are intact is for `load` to find out."""
    folder = given(dict.fromkeys(CONTENTS, b""))

    assert mnist.find(tiny()) == folder


def test_nothing_is_found_on_a_bare_machine():
    """Then `available` says no, without a download."""
    assert mnist.find(mnist.MNIST) is None
    assert not grader.data.available("mnist")
    assert grader.data.available("digits")


def test_a_relative_path_is_taken_from_the_working_folder(given, monkeypatch):
    """`GRADER_DATA=../data grader grade …` means what it says."""
    folder = given(COMPRESSED)
    monkeypatch.chdir(folder.parent.parent)
    monkeypatch.setenv("GRADER_DATA", ".")

    assert mnist.find(tiny()) == folder


def test_what_is_here_is_loaded_without_a_downloader(given, monkeypatch):
    """`load` imports pooch only to download: it takes a tenth of a second."""
    given(COMPRESSED)
    monkeypatch.setitem(sys.modules, "pooch", None)  # importing it is now an error

    assert len(download.load(tiny())) == 4


def test_the_data_set_is_frozen(given, monkeypatch):
    """The arrays are uint8 and int64, and read-only, and loaded once."""
    given(COMPRESSED)
    monkeypatch.setattr(mnist, "MNIST", tiny())
    grader.data.load.cache_clear()
    try:
        data = grader.data.load("mnist")

        assert grader.data.load("mnist") is data
        assert (data.name, data.train_images.dtype, data.test_labels.dtype) == (
            "mnist", np.uint8, np.int64,
        )  # fmt: skip
        for array in (data.train_images, data.train_labels, data.test_images, data.test_labels):
            assert not array.flags.writeable
            assert array.flags.c_contiguous
    finally:
        grader.data.load.cache_clear()


# ---------------------------------------------------------------- what is believed

IMAGES = "train-images-idx3-ubyte"
DAMAGE = {
    "cut short": (f"{IMAGES}.gz", COMPRESSED[f"{IMAGES}.gz"][:-1000], "it ends early"),
    "empty": (f"{IMAGES}.gz", b"", "its header is not that of an idx file of 500 x 28 x 28 bytes"),
    "a web page": (f"{IMAGES}.gz", b"<html>Log in!</html>", r"Not a gzipped file \(b'<h'\)"),
    "bit rot": (
        f"{IMAGES}.gz",
        COMPRESSED[f"{IMAGES}.gz"][:5000] + b"\0\0\0\0" + COMPRESSED[f"{IMAGES}.gz"][5004:],
        r".+",
    ),
    "another header": (
        IMAGES,
        struct.pack(">HBB3I", 0, 8, 3, 500, 28, 27) + CONTENTS[IMAGES][16:],
        "its header is not that of an idx file of 500 x 28 x 28 bytes",
    ),
    "extracted in part": (
        IMAGES, CONTENTS[IMAGES][:100_000], "it holds 99984 bytes where its header promises 392000",
    ),
    "bytes too many": (
        IMAGES, CONTENTS[IMAGES] + b"x", "it holds 392001 bytes where its header promises 392000",
    ),
    "a label 10": (LABELS, CONTENTS[LABELS][:-1] + b"\x0a", "it holds the label 10"),
    "labels in another order": (
        LABELS,
        CONTENTS[LABELS][:8] + CONTENTS[LABELS][:7:-1],
        "its SHA-256 is not the published one",
    ),
    "compressed, one pixel off": (
        f"{IMAGES}.gz",
        gzip.compress(CONTENTS[IMAGES][:-1] + b"\xff"),
        "its SHA-256 is not the published one",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_in_grader_data_is_named(given, damage):
    """It stops us, is not mended, and an intact cache does not hide it."""
    name, content, reason = DAMAGE[damage]
    folder = given({**(COMPRESSED if name.endswith(".gz") else CONTENTS), name: content})
    write(mnist.cache(), COMPRESSED)

    with pytest.raises(GraderError, match=rf"{name} is damaged \({reason}\); replace it, or unset"):
        download.load(tiny())
    assert (folder / name).read_bytes() == content


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_in_the_cache_is_named_and_replaced(caplog, damage):
    """Only the damaged file is downloaded again."""
    name, content, _ = DAMAGE[damage]
    files = {**(COMPRESSED if name.endswith(".gz") else CONTENTS), name: content}
    folder = write(mnist.cache(), files)

    with mirror() as (address, asked):
        arrays = download.load(tiny(address))

    assert [idx.serialize(array) for array in arrays] == list(CONTENTS.values())
    assert asked == [f"{name.removesuffix('.gz')}.gz"]
    assert f"{folder / name} is damaged" in caplog.text
    assert "downloading it again" in caplog.text
    assert len(download.load(tiny())) == 4  # now without a mirror


def test_a_file_that_cannot_be_read_is_named(given):
    """A directory stands for everything that the system refuses to read."""
    folder = given({name: data for name, data in CONTENTS.items() if name != LABELS})
    (folder / LABELS).mkdir()

    with pytest.raises(GraderError, match=f"{LABELS} cannot be read \\(Is a directory\\); replace"):
        download.load(tiny())


# ---------------------------------------------------------------- download


def test_a_bare_machine_downloads_into_its_cache(cache, capfd):
    """All four files, each once; nothing else stays there, and nothing is printed."""
    with mirror() as (address, asked):
        arrays = download.load(tiny(address))

    assert [idx.serialize(array) for array in arrays] == list(CONTENTS.values())
    assert asked == [f"{name}.gz" for name in NAMES]
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == COMPRESSED
    assert capfd.readouterr() == ("", "")


def test_a_terminal_sees_progress(cache, monkeypatch, capsys):
    """The address and a bar, on stderr."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with mirror() as (address, _):
        download.fetch(tiny(address), cache)

    shown = capsys.readouterr()
    assert f"{address}{NAMES[0]}.gz\n" in shown.err
    assert "100%" in shown.err
    assert shown.out == ""


def test_a_dead_mirror_is_passed_over(cache, dead):
    """The next one is asked, and is then asked first."""
    with mirror() as (address, asked):
        download.fetch(tiny(dead, address), cache)

    assert len(asked) == 4
    assert len(mnist.read_all(tiny(), cache)) == 4


def cut_short(handler, content):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def cut_short_without_a_length(handler, content):
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def wrong_file(handler, content):
    honest(handler, COMPRESSED["t10k-images-idx3-ubyte.gz"] + content)


def web_page(handler, content):
    honest(handler, b"<html>Please log in to the hotel's network</html>")


def missing(handler, content):
    handler.send_error(404)


WRONG = {
    cut_short: "ChunkedEncodingError",
    cut_short_without_a_length: "it sent something else",
    wrong_file: "it sent something else",
    web_page: "it sent something else",
    missing: "HTTP status 404",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_is_never_kept(cache, wrong):
    """The good mirror is asked at once, and then first; nothing of the answer stays."""
    with mirror(wrong) as (bad, asked_in_vain), mirror() as (good, asked):
        download.fetch(tiny(bad, good), cache)

    assert (len(asked_in_vain), len(asked)) == (1, 4)
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == COMPRESSED


@pytest.mark.parametrize("wrong", WRONG)
def test_when_no_mirror_helps_the_reasons_are_given(cache, dead, wrong):
    """Each mirror with its reason, and three ways to get the data, in one sentence."""
    with mirror(wrong) as (bad, _), pytest.raises(GraderError) as caught:
        download.load(tiny(dead, bad))

    assert str(caught.value) == (
        f"mnist cannot be downloaded ({dead[7:-1]}: ConnectionError; {bad[7:-6]}: {WRONG[wrong]}): "
        "set GRADER_DATA to a folder with MNIST/raw, or run `grader data fetch mnist` where there "
        f"is a network and copy what it got to {cache} here, or use --dataset digits"
    )
    assert list(cache.iterdir()) == []


def test_a_cache_that_cannot_be_made_is_named(cache):
    """A file stands where the folder should be."""
    mnist.cache().parent.mkdir(parents=True)
    mnist.cache().write_text("")

    with pytest.raises(
        GraderError, match=r"^cannot write to .+ \(Not a directory\); mend that, or"
    ):
        download.load(tiny("http://127.0.0.1:9/"))


def test_two_processes_may_download_at_once(cache):
    """Both wait for the first file at the same time, and both end with intact files."""
    both = threading.Barrier(2, timeout=20)

    def meet(handler, content):
        if handler.path.endswith(f"{NAMES[0]}.gz"):
            both.wait()
        honest(handler, content)

    spawn = multiprocessing.get_context("spawn")
    with mirror(meet) as (address, asked):
        arguments = (tiny(address), cache)
        processes = [spawn.Process(target=download.fetch, args=arguments) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert asked.count(f"{NAMES[0]}.gz") == 2
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == COMPRESSED


def test_a_copied_cache_can_be_grader_data(cache, tmp_path, monkeypatch):
    """`grader data fetch` on one machine, a copy, and $GRADER_DATA on another."""
    with mirror() as (address, _):
        download.fetch(tiny(address), cache)
    copy = mnist.cache().rename(tmp_path / "copy")
    monkeypatch.setenv("GRADER_DATA", str(copy))

    assert len(download.load(tiny())) == 4
