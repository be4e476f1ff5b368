"""Print the figures of the corpus: `python -m tests.hostile.figures corpus|layers|class`.

corpus   every attack in each tier and as each user: tried, denied, seconds
layers   every layer: what gets through when it is switched off
class    300 submissions of which every third is hostile, against the honest ones alone
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from tests.hostile.corpus import GROUPS, Attack, committed, honest
from tests.hostile.lab import Report, Setting, experiment
from tests.hostile.layers import Layer, layers, stopped_by_none, stopped_by_others
from tests.hostile.parcels import parcels
from tests.hostile.people import ImpossibleError, person
from tests.hostile.verdict import complaints

ATTACKS = (*committed(), *parcels())


def print_corpus() -> int:
    """Run the corpus in every setting; return how many attacks got further than they may."""
    print(f"{len(ATTACKS)} attacks: {_counts(ATTACKS)}")
    print(f"{'tier':<8} {'user':<16} {'tried':>5} {'denied':>6} {'not promised':>12} seconds")
    failures = 0
    for tier in ("full", "reduced"):
        for user in ("me", "nobody"):
            try:
                report = experiment(ATTACKS, Setting(tier=tier, user=user))
            except ImpossibleError as error:
                print(f"{tier:<8} {user:<16} {error}")
                continue
            promised = [a for a in ATTACKS if a.tier != "full" or report.tier == "full"]
            wrong = {a.title: said for a in promised if (said := complaints(a, report))}
            denied, name = len(promised) - len(wrong), person(user).name
            others = len(ATTACKS) - len(promised)
            print(f"{report.tier:<8} {name:<16} {len(ATTACKS):>5} {denied:>6} {others:>12} "
                  f"{report.seconds:7.1f}")  # fmt: skip
            for title, said in wrong.items():
                print(f"    {title}: {said[0][:200]}")
            print(f"    leaks {dict(report.leaks)}, touched {dict(report.incidents)}")
            failures += len(wrong) + len(report.leaks) + len(report.incidents)
    return failures


def _counts(attacks: Iterable[Attack]) -> str:
    counts = Counter(attack.group for attack in attacks)
    return ", ".join(f"{counts[group]} {group}" for group in GROUPS)


def print_layers() -> int:
    """Switch every layer off; return how many stop nothing."""
    failures = 0
    with ThreadPoolExecutor(2) as pool:
        for layer, before, after in pool.map(_try_layer, layers().values()):
            stops = not before and after and all(after.values())
            failures += not stops
            behind = f"  (behind {', '.join(layer.behind)})" if layer.behind else ""
            print(f"{'ok ' if stops else 'BAD'} {layer.name}{behind}")
            for title, said in after.items():
                print(
                    f"      {title}: {_in_a_line(said[0]) if said else 'is stopped all the same'}"
                )
            for said in before:
                print(f"      already without it: {_in_a_line(said)}")
    print(f"{len(layers())} layers, {failures} that stop nothing")
    return failures


def _try_layer(layer: Layer) -> tuple[Layer, list[str], dict[str, list[str]]]:
    try:
        return layer, stopped_by_others(layer) if layer.behind else [], stopped_by_none(layer)
    except ImpossibleError as error:
        return layer, [str(error)], {}


def _in_a_line(text: str) -> str:
    return " ".join(text.split())[:150]


def print_class() -> int:
    """Grade 200 honest students alone, and with an attacker behind every second; compare."""
    kinds, chosen = list(honest().values()), committed()[::3][:100]
    crowd = {f"{i:03}-honest": kinds[i % len(kinds)] for i in range(300) if i % 3 != 2}
    attackers = [replace(a, name=f"{3 * i + 2:03}-{a.name}") for i, a in enumerate(chosen)]
    alone, together = (
        experiment(attacks, Setting(tier="full"), students=crowd) for attacks in ([], attackers)
    )
    same = sum(_grade(alone, name) == _grade(together, name) for name in crowd)
    print(f"{len(crowd)} honest students: {same} grades identical with {len(attackers)} attackers")
    print(f"alone {alone.seconds:.1f} s, together {together.seconds:.1f} s")
    wrong = [a.title for a in attackers if complaints(a, together)]
    print(f"attackers denied: {len(attackers) - len(wrong)} of {len(attackers)} {wrong}")
    return len(crowd) - same + len(wrong)


def _grade(report: Report, student: str) -> tuple[Any, ...]:
    result = report.results[student]
    tests = [(t["test"], t["outcome"], t["score"], t["feedback"]) for t in result["tests"]]
    return result["status"], result["score"], tests


def main() -> int:
    """Print one kind of figures."""
    parser = argparse.ArgumentParser(description="Print the figures of the corpus.")
    kinds = {"corpus": print_corpus, "layers": print_layers, "class": print_class}
    parser.add_argument("kind", choices=kinds)
    began = time.monotonic()
    failures = kinds[parser.parse_args().kind]()
    print(f"{time.monotonic() - began:.0f} s in all")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
