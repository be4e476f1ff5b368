"""The corpus: what each attack is, what must happen to it, and what it must not touch.

An attack is one small file. Its first lines say, for the machine and for people:

    \"\"\"What it tries, in a sentence.\"\"\"
    # must: double failed, classify timeout
    # says: PermissionError
    # spares: the reference

`must` names what becomes of a task's tests (or of one test function). A task that
it does not name fails, but for `total`, which every attacker has solved in
kit.py and which passes. `says` is a pattern in the feedback, the proof that the
attack got as far as its attempt and was stopped there. `spares` names what is
looked at afterwards. `tier: full` marks what only the full tier denies.
`hides` is a pattern that must not be on the student's page, and `flags: eval` a word in
what the instructor is told.

What cannot be committed as a file (archives, links, FIFOs, parsers' poison) is
made by a function in files/, whose docstring declares it in the same words.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
GROUPS: Final = ("stealing", "faking", "judge", "files", "escape", "bypass")

# What must stay as it is. The laboratory looks at each of them after every run.
RESOURCES: Final = frozenset(
    {
        "the reference", "the hidden tests", "the environment", "the neighbours",
        "the temporary files", "the memory of the grader", "the results", "the disk",
        "the network", "the processes", "the grades", "the terminal", "the spreadsheet",
        "the pages",
    }
)  # fmt: skip

_DECLARATION: Final = re.compile(
    r"^(?:# )?(must|says|hides|spares|tier|status|flags): (.*)$", re.MULTILINE
)
_USUAL: Final = dict.fromkeys(("double", "classify", "apply", "Pile"), "failed") | {
    "total": "passed"
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack, and what must come of it."""

    name: str
    group: str
    tries: str  # in a sentence
    must: Mapping[str, str]  # task or test function: outcome
    says: str
    spares: tuple[str, ...]
    hides: str = ""  # a pattern that the student's page must not hold
    tier: str = "reduced"  # the weakest that denies it
    status: str = "graded"
    flags: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)  # empty: parcels.py makes it

    @property
    def title(self) -> str:
        """Its group and name."""
        return f"{self.group}/{self.name}"

    def outcome(self, task: str, function: str) -> str:
        """Return what must become of one test."""
        named = dict(self.must)
        return named.get(function) or named.get(task) or _USUAL[task]


def declared(name: str, group: str, text: str, tries: str, **more: object) -> Attack:
    """Make an attack of its declaration."""
    said = dict(_DECLARATION.findall(text))
    outcomes = (pair.split() for pair in said.get("must", "").split(",") if pair.strip())
    spares = tuple(part.strip() for part in said["spares"].split(","))
    if unknown := set(spares) - RESOURCES:
        raise ValueError(f"{group}/{name} spares {unknown}, which nobody looks at")
    return Attack(
        name=name,
        group=group,
        tries=tries,
        must=dict(outcomes),
        says=said["says"],
        hides=said.get("hides", ""),
        spares=spares,
        tier=said.get("tier", "reduced"),
        status=said.get("status", "graded"),
        flags=said.get("flags", ""),
        **more,  # type: ignore[arg-type]
    )


@functools.cache
def committed() -> tuple[Attack, ...]:
    """Return the attacks that lie here as files."""
    groups = [group for group in GROUPS if group != "files"]  # which are made by functions
    return tuple(_read(path) for group in groups for path in sorted((HERE / group).glob("*.py")))


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    tries = text.partition('"""')[2].partition('"""')[0]
    sources = {"answers.py": text}
    return declared(path.stem, path.parent.name, text, tries, sources=sources)


def honest() -> dict[str, str]:
    """Return the honest students' answers.py, by name; the names lie between the attacks'."""
    kinds = sorted((HERE / "honest").glob("*.py"))
    return {
        f"{letter}-honest": f"{kinds[i % len(kinds)].read_text(encoding='utf-8')}\n# {letter}\n"
        for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
    }
