"""The laboratory: grade attackers among honest students, and look at what they did.

Everything goes through the real command line, `grader grade`, in a process of its
own: as this user or as nobody, with bubblewrap in reach or not, with this package
or with a copy of it in which one layer of the sandbox is switched off.
"""

import json
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.hostile import watch
from tests.hostile.corpus import HERE, Attack, honest
from tests.hostile.parcels import build
from tests.hostile.people import NOBODY, PACKAGE, ImpossibleError, Person, has_bubblewrap, person

_LONGEST_SECONDS: Final = 400
_CLEAN_UP_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a class is graded."""

    tier: str = "full"  # reduced: without bubblewrap on the PATH
    user: str = "me"  # or nobody
    package: Path = PACKAGE  # or a patched copy of it
    options: tuple[str, ...] = ()  # for `grader grade`


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of grading a class in the laboratory."""

    code: int
    said: str  # stdout and stderr of `grader grade --json`
    table: str  # what it prints for people
    results: Mapping[str, dict[str, Any]]  # by student
    pages: Mapping[str, str]  # by student: the page that they get to see
    tier: str  # that the results state
    leaks: Mapping[str, tuple[str, ...]]  # student, or "" for none in particular: what leaked
    incidents: Mapping[str, tuple[str, ...]]  # resource: what happened to it
    seconds: float


def experiment(
    attacks: Iterable[Attack],
    setting: Setting,
    *,
    neighbours: bool = True,
    students: Mapping[str, str] | None = None,
    meanwhile: Callable[[Path], None] = lambda _: None,
) -> Report:
    """Grade these attacks, among honest students, in one class.

    The honest ones are those of the corpus, unless others are given by name, with
    their answers.py; without `neighbours` there is one. `meanwhile` is called when
    the grader has started, with the folder that its processes name on their command
    lines.

    Raises
    ------
    ImpossibleError
        If this machine does not have that user or that tier.
    """
    if setting.tier == "full" and not has_bubblewrap(setting.user):
        raise ImpossibleError("bubblewrap is not installed, or may not be used")
    who = person(setting.user, setting.package)
    # Not below a folder of pytest's, which nobody but this user may enter.
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        base = Path(folder).resolve()
        base.chmod(0o755)
        with watch.traps(base) as traps:
            bench = _Bench(base, traps, who)
            if students is None:
                students = honest() if neighbours else {"a-honest": honest()["a-honest"]}
            return bench.grade(attacks, students, setting, meanwhile, twice=neighbours)


class _Bench:
    """One course and one class, with every secret and trap around them."""

    def __init__(self, base: Path, traps: watch.Traps, who: Person) -> None:
        self._base = base
        self._target = base / "course" / "reference" / "target"
        self._traps = traps
        self._who = who
        self._canaries = watch.canaries()
        self._neighbour = base  # a file of an honest student, once there is one
        self._mark = f"left-by-{base.name}"
        self._key = secrets.randbelow(1 << 30) + 1
        for name in ("class", "out", "github", "home/.ssh", "tmp", "empty"):
            (base / name).mkdir(parents=True)
        shutil.copytree(HERE / "course", base / "course")
        self._hide()

    def grade(
        self,
        attacks: Iterable[Attack],
        students: Mapping[str, str],
        setting: Setting,
        meanwhile: Callable[[Path], None],
        *,
        twice: bool,
    ) -> Report:
        """Grade everybody, and look around.

        The second time nothing is graded; the command only prints its table for people.
        """
        process = self._start("--json", *setting.options, tier=setting.tier)
        self._hand_in(attacks, students, process.pid)
        before = self._fingerprints()
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(process.communicate, "go\n", _LONGEST_SECONDS)
            meanwhile(self._base)
            out, err = done.result()
        seconds = time.monotonic() - began
        table = ""
        if twice:
            table = self._start(*setting.options, tier=setting.tier).communicate("go\n")[0]
        results = self._results()
        return Report(
            code=process.returncode,
            said=out + err,
            table=table,
            results=results,
            pages=self._pages(),
            tier=_tier(results),
            leaks=self._leaks(out + err + table),
            incidents=self._incidents(before, err + table),
            seconds=seconds,
        )

    def _start(self, *options: str, tier: str) -> subprocess.Popen[str]:
        """Start the grader; it waits for a line, so that attackers can be told its number."""
        command = [
            self._who.python, "-m", "grader", "grade", "target", str(self._base / "class"),
            "--out", str(self._base / "out"), "--jobs", "2", *options,
        ]  # fmt: skip
        return subprocess.Popen(
            ["/bin/sh", "-c", 'read -r go; exec "$@"', "sh", *command],
            cwd=self._base / "course", env=self._environment(tier),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **self._who.identity,
        )  # fmt: skip

    def _hide(self) -> None:
        """Put a canary into each secret."""
        secret = self._canaries
        tests = "hidden_tests/test_secrets.py"
        in_memory = secret["the memory of the grader"].encode().hex()
        for file, old, new in (
            ("answers.py", "canary-of-the-reference", secret["the reference"]),
            (tests, "canary-of-the-hidden-tests", secret["the hidden tests"]),
            (tests, b"canary-in-memory".hex(), in_memory),
        ):
            text = (self._target / file).read_text()
            if text.count(old) != 1:
                raise ValueError(f"{file} must hold {old!r} once")
            (self._target / file).write_text(text.replace(old, new))
        (self._target / f"{secret['the reference']}.txt").touch()  # for those who only list
        for name in ("tmp/secret.txt", "home/.ssh/id_rsa"):
            (self._base / name).write_text(secret["the temporary files"])
        for name in ("github/env", "github/summary"):
            (self._base / name).touch()
            (self._base / name).chmod(0o666)

    def _environment(self, tier: str) -> dict[str, str]:
        base = self._base
        places = {
            "DELTAGRADE_SECRET": self._canaries["the environment"],
            "HOME": str(base / "home"),
            "TMPDIR": str(base / "tmp"),
            "GITHUB_ENV": str(base / "github" / "env"),
            "GITHUB_STEP_SUMMARY": str(base / "github" / "summary"),
        }
        without_bubblewrap = {"PATH": str(base / "empty")} if tier == "reduced" else {}
        return {**self._who.environment, **places, **without_bubblewrap}

    def _hand_in(self, attacks: Iterable[Attack], students: Mapping[str, str], pid: int) -> None:
        folder, kit = self._base / "class", (HERE / "kit.py").read_text()
        for name, text in students.items():
            (folder / name).mkdir()
            (folder / name / "answers.py").write_text(text)
            (folder / name / "kit.py").write_text(kit)
        self._neighbour = folder / next(iter(students)) / "answers.py"
        with self._neighbour.open("a") as file:
            file.write(f"# {self._canaries['the neighbours']}\n")
        facts = self._facts(pid)
        told = kit.replace("FACTS = {}", f"FACTS = {facts!r}")
        for attack in attacks:
            build(attack, folder, told, facts)
        if self._who.name == "nobody":
            subprocess.run(["chown", "-hR", f"{NOBODY}:{NOBODY}", self._base], check=True)

    def _facts(self, pid: int) -> dict[str, object]:
        """Tell attackers what one that knows everything could know."""
        base, target = self._base, self._target
        paths = {
            "REFERENCE": target / "answers.py",
            "TESTS": target / "hidden_tests" / "test_secrets.py",
            "COURSE": base / "course",
            "CLASS": base / "class",
            "NEIGHBOUR": self._neighbour,
            "OUT": base / "out",
            "SECRET_FILE": base / "tmp" / "secret.txt",
            "HOME": base / "home",
            "GITHUB": base / "github",
            "PACKAGE": self._who.package,
            "SOCKET": self._traps.path,
            "ABSTRACT": self._traps.abstract,
            "MARK": self._mark,
        }
        numbers = {"GRADER": pid, "PORT": self._traps.port, "SHARED_KEY": self._key}
        return {name: str(path) for name, path in paths.items()} | numbers

    def _fingerprints(self) -> dict[str, str]:
        folders = [self._base / name for name in ("course", "class", "github", "home")]
        prints = [
            *map(watch.fingerprint, folders),
            watch.fingerprint(self._who.package, caches=False),
        ]
        return {path: state for found in prints for path, state in found.items()}

    def _results(self) -> dict[str, dict[str, Any]]:
        files = sorted((self._base / "out" / "results").glob("*.json"))
        return {file.stem: json.loads(file.read_text("utf-8")) for file in files}

    def _pages(self) -> dict[str, str]:
        files = sorted((self._base / "out" / "feedback").glob("*.html"))
        return {file.stem: file.read_text("utf-8") for file in files}

    def _leaks(self, said: str) -> dict[str, tuple[str, ...]]:
        """Look for canaries in all that was written or printed."""
        texts = {"": said.encode()}
        for file in (self._base / "out").rglob("*"):
            if file.is_file():
                student = file.stem if file.parent.name in ("results", "feedback") else ""
                texts[student] = texts.get(student, b"") + file.read_bytes()
        found = {
            student: tuple(p for p, canary in self._canaries.items() if canary.encode() in text)
            for student, text in texts.items()
        }
        return {student: places for student, places in found.items() if places}

    def _incidents(self, before: dict[str, str], printed: str) -> dict[str, tuple[str, ...]]:
        package, out = self._who.package, self._base / "out"
        folders = [package, package.parent, out, self._base / "tmp", self._base]
        changed = watch.changed(before, self._fingerprints())
        found = {
            "the disk": [*changed, *watch.left_behind(self._mark, self._key, *folders)],
            "the network": self._traps.caught(),
            "the processes": self._survivors(),
            "the terminal": watch.steering(printed),
            "the spreadsheet": watch.formulas(out),
            "the pages": watch.scripts(out),
        }
        return {resource: tuple(what) for resource, what in found.items() if what}

    def _survivors(self) -> list[str]:
        """Return what still runs a moment after the grader's end."""
        end = time.monotonic() + _CLEAN_UP_SECONDS
        while (found := watch.running(str(self._base))) and time.monotonic() < end:
            time.sleep(0.05)
        return found


def _tier(results: Mapping[str, dict[str, Any]]) -> str:
    tiers = {r["environment"]["sandbox"] for r in results.values() if r["status"] == "graded"}
    return ", ".join(sorted(tiers)) or "none was reached"
