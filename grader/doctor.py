"""Say what this machine can do: how well it isolates, what is installed, which data it has."""

import contextlib
import os
import platform
import tempfile
from pathlib import Path
from typing import Any, Final

import grader
from grader import data, servers
from grader.cuda import describe_device
from grader.errors import GraderError
from grader.provenance import version
from grader.sandbox.tier import Tier, explain, tier_of

SCHEMA: Final = "deltagrade/doctor/v1"
_PACKAGES: Final = ("numpy", "pytest", "matplotlib", "torch", "torchvision", "nbgrader")


def examine() -> dict[str, Any]:
    """Try everything; return plain data, schema `deltagrade/doctor/v1`."""
    tier, reason = _sandbox()
    return {
        "schema": SCHEMA,
        "grader": grader.__version__,
        "sandbox": {"tier": tier, "reason": reason, "root": os.geteuid() == 0},
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "cuda": describe_device(),
        "datasets": {name: _dataset(name) for name in data.DATASETS},
    }


def as_text(findings: dict[str, Any]) -> str:
    """Return the findings for a person."""
    sandbox = findings["sandbox"]
    rows = [
        ("grader", findings["grader"]),
        ("sandbox", f"{sandbox['tier']}: {sandbox['reason']}"),
        ("system", f"{findings['system']}, {findings['cpus']} CPUs"),
        ("python", findings["python"]),
        *findings["packages"].items(),
        ("cuda", findings["cuda"]),
        *((f"data: {name}", state) for name, state in findings["datasets"].items()),
    ]
    if sandbox["root"]:
        rows.insert(2, ("user", "root; submissions run without root's privileges"))
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _sandbox() -> tuple[str, str]:
    """Start a worker and let it try what it must not be able to do."""
    with tempfile.NamedTemporaryFile() as hidden:
        try:
            workers = servers.start_zygote(
                ["numpy"], memory_bytes=2**30, cpu_seconds=10, hidden=Path(hidden.name)
            )
            with contextlib.closing(workers):
                attestation = servers.attest(workers)
        except (OSError, GraderError) as error:
            return Tier.NONE, str(error)
    return tier_of(attestation), explain(attestation)


def _dataset(name: str) -> str:
    place = data.find(name)
    return str(place) if place else f"not found: `grader data fetch {name}` gets it"
