"""Judge what became of an attack: a list of complaints, empty when it was denied."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.hostile.corpus import Attack
from tests.hostile.lab import Report
from tests.hostile.watch import steering


def complaints(attack: Attack, report: Report, *, wording: bool = True) -> list[str]:
    """Say in what way an attack got further than it may.

    Without `wording` it may be stopped in other words than it declares, as long as it
    shows no loot.
    """
    result = report.results.get(attack.name)
    if result is None:
        return [f"there is no result: {report.said.strip()[-100:]!r}"]
    return [
        *_wrong_outcomes(attack, result),
        *_missing_tests(attack, result),
        *_missing_flag(attack, result),
        *_wrong_words(attack, result, wording=wording),
        *_shown_to_students(attack, report.pages.get(attack.name, "")),
        *(f"carried out: {place}" for place in report.leaks.get(attack.name, ())),
        *(
            f"touched {resource}: {', '.join(report.incidents[resource])[:300]}"
            for resource in attack.spares
            if resource in report.incidents
        ),
    ]


def _wrong_outcomes(attack: Attack, result: Mapping[str, Any]) -> Iterator[str]:
    if result["status"] != attack.status:
        yield f"it is {result['status']}, not {attack.status}: {result['messages']}"
    for test in result["tests"]:
        function = test["test"].partition("::")[2]
        wanted = attack.outcome(test["task"], function)
        if test["outcome"] not in wanted.split("|"):
            yield f"{function} {test['outcome']}, not {wanted}: {test['feedback'][:300]}"


def _missing_tests(attack: Attack, result: Mapping[str, Any]) -> Iterator[str]:
    points = sum(test["points"] for test in result["tests"])
    if attack.status == "graded" and (points, result["max_score"]) != (100, 100):
        yield f"it is graded out of {points} points, or of {result['max_score']}"


def _missing_flag(attack: Attack, result: Mapping[str, Any]) -> Iterator[str]:
    if attack.flags and not any(attack.flags in flag for flag in result["flags"]):
        yield f"no instructor is shown {attack.flags!r}: {result['flags']}"


def _shown_to_students(attack: Attack, page: str) -> Iterator[str]:
    if attack.hides and (found := re.search(attack.hides, page)):
        yield f"students can read {found[0]!r}"


def _wrong_words(attack: Attack, result: Mapping[str, Any], *, wording: bool) -> Iterator[str]:
    texts = [*result["messages"], *(f"{t['feedback']}\n{t['hint']}" for t in result["tests"])]
    said = "\n".join(texts)
    wrong = not re.search(attack.says, said, re.DOTALL)
    if wrong and (wording or "loot: " in said):
        yield f"it says nothing of {attack.says!r}: {said[:600]}"
    if found := steering(said):
        yield f"it can steer a terminal with {', '.join(found)}"
