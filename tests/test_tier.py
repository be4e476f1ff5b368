"""The tier of isolation: tried in a confined child, judged from what it reports."""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.sandbox import tier
from grader.sandbox.policy import interpreter_paths
from grader.sandbox.tier import Tier, bubblewrap_prefix, explain, self_test, tier_of

ROOT = Path(__file__).parents[1]
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

LAYERS = {"platform": "linux", "landlock_abi": 7, "seccomp": True, "capabilities": 0}
TRIED = dict.fromkeys(tier._ATTEMPTS, "denied")
FULL = {"layers": LAYERS, "tried": TRIED | {"open a hidden file": "absent"}}
REDUCED = {"layers": LAYERS, "tried": TRIED}

CHILD = """
import os, sys
sys.path.insert(0, {root!r})
from grader.sandbox import policy, tier
readable, listable = policy.interpreter_paths([])
rules = policy.Policy(
    readable=readable, listable=listable, memory_bytes=1 << 30, cpu_seconds=5, **{policy!r}
)
if os.fork() == 0:
    layers = policy.Cage(rules).confine()
    print({{"layers": layers.to_dict(), "tried": tier.self_test({hidden!r})}}, flush=True)
    os._exit(0)
os.wait()
"""


def hiding() -> list[str]:
    """Return the words that start Python with nothing else in sight; skip if there are none."""
    readable, listable = interpreter_paths([])
    code = [str(ROOT / "grader" / "__init__.py"), str(ROOT / "grader" / "sandbox")]
    prefix = bubblewrap_prefix([*readable, *listable, *code])
    return prefix or pytest.skip("bubblewrap is not installed, or may not be used")


def attested(
    prefix: Sequence[str] = (), *, before: str = "", **policy: object
) -> dict[str, dict[str, object]]:
    """Return what a child that confined itself reports."""
    with tempfile.NamedTemporaryFile() as hidden:
        Path(hidden.name).chmod(0o644)  # so that only the sandbox protects it
        code = before + CHILD.format(root=str(ROOT), policy=policy, hidden=hidden.name)
        done = subprocess.run(
            [*prefix, sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout)


def test_tiers_are_ordered():
    """Full isolation is at least reduced, which is at least none."""
    assert Tier.FULL.at_least(Tier.REDUCED)
    assert Tier.REDUCED.at_least(Tier.REDUCED)
    assert not Tier.NONE.at_least(Tier.REDUCED)


@linux
def test_a_confined_child_is_denied_everything():
    """Under every layer, all that is tried is denied."""
    found = attested()
    assert set(found["tried"].values()) == {"denied"}
    assert tier_of(found) is Tier.REDUCED
    assert "bubblewrap" in explain(found)


@linux
def test_hidden_files_do_not_exist_inside_bubblewrap():
    """In namespaces of its own, the child does not find the hidden file at all."""
    found = attested(hiding())
    assert found["tried"]["open a hidden file"] == "absent"
    assert tier_of(found) is Tier.FULL
    assert explain(found) == "nothing is missing"


@linux
@pytest.mark.parametrize(
    ("policy", "allowed", "reason"),
    [
        ({"without": ["landlock"]}, "open a hidden file", "files are not protected"),
        ({"without": ["seccomp"]}, "fork", "system calls are not filtered"),
        ({"newest_landlock_abi": 2}, None, "files are not protected (Landlock 2)"),
        ({"without": ["privileges"]}, None, "kept privileges of root"),
    ],
)
def test_without_a_layer_there_is_no_tier(policy, allowed, reason):
    """Each layer that is missing is noticed, and named."""
    if policy.get("without") == ["privileges"] and os.geteuid() != 0:
        pytest.skip("only root has privileges to keep")
    found = attested(**policy)
    assert tier_of(found) is Tier.NONE
    assert reason in explain(found)
    if allowed:
        assert found["tried"][allowed] == "allowed"


@linux
def test_a_user_namespace_without_other_users_is_enough():
    """Where root cannot become another user, giving up its capabilities must do."""
    prefix = ["bwrap", "--unshare-user", "--dev-bind", "/", "/", "--cap-add", "ALL"]
    if not shutil.which("bwrap") or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("user namespaces are not to be had")
    found = attested(prefix)
    assert found["layers"]["uid"] == os.geteuid()
    assert found["layers"]["capabilities"] == 0
    assert tier_of(found) is Tier.REDUCED


@linux
@pytest.mark.parametrize("policy", [{"without": ["landlock"]}, {"without": ["seccomp"]}])
def test_bubblewrap_does_not_make_up_for_a_layer(policy):
    """Namespaces hide files, but are no reason to call a process confined."""
    assert tier_of(attested(hiding(), **policy)) is Tier.NONE


def test_another_system_is_reported_truthfully():
    """Where there is no Landlock and no seccomp, nothing breaks, and the tier says so."""
    elsewhere = "import sys; sys.platform = 'darwin'\n"
    found = attested(before=elsewhere)
    assert found["layers"]["landlock_abi"] == 0
    assert found["layers"]["seccomp"] is False
    assert "RLIMIT_CPU" in found["layers"]["limits"]
    assert tier_of(found) is Tier.NONE
    assert "there is no sandbox for darwin" in explain(found)


def test_an_unconfined_process_knows_that_it_is():
    """Where nothing was done, the attempts succeed, and leave nothing behind."""
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from grader.sandbox import tier; print(tier.self_test(sys.executable), os.listdir('.'))"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    assert "denied" not in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_a_hidden_file_must_be_named_in_full():
    """A name that is absent from everywhere would look like the best tier."""
    with pytest.raises(ValueError, match="absent whatever the tier"):
        self_test("hidden.py")


@pytest.mark.parametrize(
    ("attestation", "expected"),
    [
        (FULL, Tier.FULL),
        (REDUCED, Tier.REDUCED),
        ({}, Tier.NONE),
        ({"layers": LAYERS}, Tier.NONE),
        ({"layers": LAYERS, "tried": {}}, Tier.NONE),
        ({"layers": None, "tried": TRIED}, Tier.NONE),
        ({"layers": LAYERS, "tried": TRIED | {"fork": "allowed"}}, Tier.NONE),
        ({"layers": LAYERS, "tried": TRIED | {"fork": True}}, Tier.NONE),
        ({"layers": LAYERS | {"landlock_abi": 2}, "tried": TRIED}, Tier.NONE),
        ({"layers": LAYERS | {"landlock_abi": "7"}, "tried": TRIED}, Tier.NONE),
        ({"layers": LAYERS | {"seccomp": 1}, "tried": TRIED}, Tier.NONE),
        ({"layers": LAYERS | {"platform": "darwin"}, "tried": TRIED}, Tier.NONE),
    ],
)
def test_only_a_whole_report_counts(attestation, expected):
    """What is missing or malformed is worth nothing."""
    assert tier_of(attestation) is expected


@pytest.mark.parametrize(
    ("attestation", "sentence"),
    [
        ({"layers": LAYERS | {"platform": "darwin"}, "tried": TRIED}, "no sandbox for darwin"),
        ({"layers": LAYERS | {"landlock_abi": 0}, "tried": TRIED}, "Landlock is missing"),
        ({"layers": LAYERS, "tried": TRIED | {"fork": "allowed"}}, "a submission could fork"),
        ({}, "did not report"),
    ],
)
def test_the_reason_is_one_sentence(attestation, sentence):
    """The explanation names the cause and a remedy, in one line."""
    assert sentence in explain(attestation)
    assert "\n" not in explain(attestation)


@linux
def test_bubblewrap_is_not_used_where_it_does_not_work():
    """Where Python would not start inside, there is no prefix."""
    assert bubblewrap_prefix(["/dev/null"]) == []


def test_without_bubblewrap_there_is_no_prefix(monkeypatch, tmp_path):
    """Where bubblewrap is not installed, there is no prefix."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bubblewrap_prefix(["/usr"]) == []
