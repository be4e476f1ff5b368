"""Grade the same class with Deltagrade and with other graders, in turn, and compare.

All get the same ten tests and the same submissions, written from one description, and
must come to the same scores. The time of a submission is that of the whole class, with
the start of every process, divided by its size. Ratios are taken round by round.

example:
  python -m benchmarks.peers                     20 submissions, two at once
  python -m benchmarks.peers --students 60 --loop --json peers.json
  python -m benchmarks.peers --torch --peers pytest,gradescope
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers.description import numpy_exam, torch_exam
from benchmarks.peers.notebooks import Nbgrader
from benchmarks.peers.ours import Ours
from benchmarks.peers.processes import per_submission
from benchmarks.peers.running import Peer, disagreements, measure
from benchmarks.peers.table import machine, table, to_json
from benchmarks.peers.together import Together


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 if the scores differ."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # and with us what we started
    if options.torch and find_spec("torch") is None:
        raise SystemExit("PyTorch is not installed here: pip install --editable '.[torch]'")
    exam = torch_exam() if options.torch else numpy_exam()
    peers = _chosen(all_peers(options.jobs), options.peers)
    with tempfile.TemporaryDirectory(prefix="peers-") as place:
        found = measure(
            exam, peers, Path(place),
            students=options.students, rounds=options.rounds, loop=options.loop, progress=_progress,
        )  # fmt: skip
    complaints = [text for measured in found for text in disagreements(exam, measured)]
    print(
        f"{exam.name}: {options.students} submissions, ten tests, {options.rounds} rounds;"
        f" {machine()}\n"
    )
    print(table(found, options.students))
    print("\nall scores agree" if not complaints else "\n".join(["", *complaints]))
    if options.json:
        whole = to_json(
            exam, found, students=options.students, jobs=options.jobs, complaints=complaints
        )
        options.json.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    return 1 if complaints else 0


def all_peers(jobs: int) -> list[Peer]:
    """Return us, and the others."""
    return [
        Ours(at_once=jobs),
        Ours(
            name="ours-reduced", title="Deltagrade without bubblewrap",
            at_once=jobs, bubblewrap=False,
        ),
        Nbgrader(),
        *per_submission(jobs),
        Together(at_once=jobs),
    ]  # fmt: skip


def _chosen(peers: Sequence[Peer], names: str) -> list[Peer]:
    """Return the peers that were asked for; ours is always the first, to compare with."""
    if not names:
        return list(peers)
    wanted = names.split(",")
    for name in wanted:
        if name not in (known := [peer.name for peer in peers]):
            raise SystemExit(f"there is no peer {name!r}; there are {', '.join(known)}")
    return [peer for peer in peers if peer.name in ("ours", *wanted)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--students", type=_positive, default=20, metavar="N", help="default: 20")
    parser.add_argument(
        "--jobs", type=_positive, default=2, metavar="N", help="submissions at once (default: 2)"
    )
    parser.add_argument(
        "--rounds", type=_positive, default=3, metavar="N", help="runs of each peer (default: 3)"
    )
    parser.add_argument(
        "--loop", action="store_true",
        help="then run each once more, with a submission that loops for ever in the class",
    )  # fmt: skip
    parser.add_argument(
        "--torch", action="store_true", help="the assignment with PyTorch in place of NumPy's"
    )
    names = ", ".join(peer.name for peer in all_peers(1))
    parser.add_argument("--peers", default="", metavar="NAME,…", help=f"of {names}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it there as well")
    return parser


def _positive(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number above 0")
    return int(text)


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
