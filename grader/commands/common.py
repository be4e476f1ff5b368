"""What commands share: options, progress, colour, and which assignments are meant."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.reports.terminal import Paint


def paint() -> "Paint":
    """Return how to colour what goes to stdout: not at all, unless it is a terminal."""
    from grader.reports.terminal import coloured, plain

    return coloured if sys.stdout.isatty() and "NO_COLOR" not in os.environ else plain


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Yield what shows progress: a bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from tqdm import tqdm

    with tqdm(unit=" submissions", leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.n = done
            bar.refresh()

        yield show


def add_command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, example: str
) -> argparse.ArgumentParser:
    """Add a command, with an example at the end of its help."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"example:\n  {example.replace(chr(10), chr(10) + '  ')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def add_cuda_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that demands the CUDA tier."""
    parser.add_argument(
        "--cuda", action="store_true", help="run the tests of the CUDA tier too; demands a GPU"
    )


def demanded_device(options: argparse.Namespace) -> str:
    """Name the GPU if one is demanded; '' if not.

    Raises
    ------
    GraderError
        If there is none.
    """
    from grader.cuda import find_device

    return find_device() if options.cuda else ""


def add_grading_options(parser: argparse.ArgumentParser, out: Path) -> None:
    """Add the options of whatever grades a class."""
    parser.add_argument(
        "--out", type=Path, default=out, metavar="DIR", help=f"write here (default: {out}/)"
    )
    add_jobs(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")
    parser.add_argument(
        "--require-sandbox", choices=["full", "reduced", "none"], default="reduced",
        metavar="TIER", help="full, reduced (default) or none: refuse to grade in a weaker one",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add `--jobs`."""
    parser.add_argument(
        "--jobs", type=at_least_one, default=os.cpu_count() or 1, metavar="N",
        help="submissions graded at the same time (default: one for each core)",
    )  # fmt: skip


def at_least_one(text: str) -> int:
    """Read a number from 1 up."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number, at least 1")
    return int(text)


def chosen_references(options: argparse.Namespace) -> "list[Assignment]":
    """Return the assignments that were named, or all."""
    from grader.course import assignment_names, find_course, find_reference

    course = find_course()
    names = assignment_names(course / "reference") if options.all else options.assignments
    if not names:
        raise GraderError("name an assignment, or say --all")
    return [find_reference(name, course) for name in names]
