"""What `grader data` does: say where the data sets are, check them, fetch them."""

from collections.abc import Iterator
from pathlib import Path

from grader import data
from grader.data import download, idx, mnist
from grader.data.mnist import DamagedError
from grader.errors import GraderError


def where(name: str | None) -> int:
    """Say which files would be used; 1 if the one that was asked for is nowhere."""
    places = {each: data.find(each) for each in _asked_for(name)}
    for each, place in places.items():
        print(f"{each:<8}{place or _nowhere(each)}")
    return 1 if name and not places[name] else 0


def verify(name: str | None) -> int:
    """Check every file of every place; 1 if one is damaged, or what was asked for is nowhere."""
    code = 0
    for each in _asked_for(name):
        found = False
        for path, damage in _examine(each):
            found = True
            code = 1 if damage else code
            print(f"{each:<8}{damage or f'{path} is intact'}")
        if not found:
            code = 1 if name else code
            print(f"{each:<8}{_nowhere(each)}")
    return code


def fetch(name: str | None) -> int:
    """Download what is missing or damaged in the cache."""
    for each in _asked_for(name):
        if each == "digits":
            print(f"digits  {data.DIGITS} comes with the grader")
            continue
        download.fetch(mnist.MNIST, mnist.cache_folder())
        print(
            f"{each:<8}{mnist.cache_folder()}\n"
            f"For a machine without network, copy {mnist.cache()} there "
            f"and set {mnist.VARIABLE} to the copy."
        )
    return 0


def write_digits(root: Path) -> int:
    """Write the digits as idx files, so that `torchvision.datasets.MNIST(root)` reads them."""
    digits = data.load("digits")
    arrays = digits.train_images, digits.train_labels, digits.test_images, digits.test_labels
    files = {
        file.name: idx.serialize(array.astype("uint8"))
        for file, array in zip(mnist.MNIST.files, arrays, strict=True)
    }
    folder = root / mnist.LAYOUT
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_others(folder, files)
        for file, content in files.items():
            (folder / file).write_bytes(content)
    except OSError as error:
        raise GraderError(
            f"cannot write to {folder} ({error.strerror}); name another folder"
        ) from None
    print(f"{folder}: the digits, for torchvision.datasets.MNIST({str(root)!r})")
    return 0


def _asked_for(name: str | None) -> tuple[str, ...]:
    if name is None:
        return data.DATASETS
    data.check_name(name)
    return (name,)


def _nowhere(name: str) -> str:
    places = [*mnist.given_folders(), mnist.cache_folder()]
    return f"not found in {' or '.join(map(str, places))}; `grader data fetch {name}` gets it"


def _examine(name: str) -> Iterator[tuple[Path, str]]:
    """Yield each file that is there, or should be, and what is wrong with it."""
    if name == "digits":
        intact = download.sha256_of(data.DIGITS) == data.DIGITS_SHA256
        yield data.DIGITS, "" if intact else f"{data.DIGITS} is damaged; install the grader again"
        return
    for folder in (*mnist.given_folders(), mnist.cache_folder()):
        paths = [mnist.path_of(file, folder) for file in mnist.MNIST.files]
        if not any(paths):
            continue
        for file, path in zip(mnist.MNIST.files, paths, strict=True):
            try:
                mnist.read(file, folder)
            except FileNotFoundError:
                yield folder, f"{folder / file.name} is missing"
            except DamagedError as error:
                yield folder, str(error)
            else:
                yield path or folder, ""


def _refuse_others(folder: Path, files: dict[str, bytes]) -> None:
    """Never mix the digits with another MNIST, or write over it."""
    for path in folder.iterdir():
        if path.name not in files or path.read_bytes() != files[path.name]:
            raise GraderError(f"{folder} already holds {path.name}; name another folder")
