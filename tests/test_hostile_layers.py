"""Switch off one layer of the protection at a time: an attack must then get through.

A layer that no attack needs would be one that nobody knows to work. The layers, the
edits that switch them off in a copy of the package and the attacks that they stop are
in tests/hostile/layers.toml. The whole table takes minutes: those marked quick are
tried always, and all of them with HOSTILE=all.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.hostile.corpus import committed
from tests.hostile.layers import (
    Edit,
    Layer,
    layers,
    stopped_by_none,
    stopped_by_others,
)
from tests.hostile.parcels import parcels
from tests.hostile.people import PACKAGE, ImpossibleError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

LAYERS = layers()
EVERYTHING = os.environ.get("HOSTILE") == "all"
Outcome = tuple[list[str], dict[str, list[str]]]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Outcome]]]:
    """Try the layers that were selected, two at a time."""
    selected = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test_layer.__name__
    ]
    with ThreadPoolExecutor(2) as pool:
        yield {
            name: pool.submit(_try, LAYERS[name]) for name in selected if _unfit(LAYERS[name]) == ""
        }


def _try(layer: Layer) -> Outcome:
    return (stopped_by_others(layer) if layer.behind else [], stopped_by_none(layer))


def _unfit(layer: Layer) -> str:
    """Say why a layer is not tried, or ''."""
    if not (layer.quick or EVERYTHING):
        return "the whole table is tried with HOSTILE=all"
    if layer.needs_root and os.geteuid() != 0:
        return "only root has this layer"
    return ""


@pytest.mark.parametrize("name", LAYERS)
def test_layer(outcomes, name):
    """With the layer all its attacks are stopped, and without it none of them is."""
    if reason := _unfit(LAYERS[name]):
        pytest.skip(reason)
    try:
        before, after = outcomes[name].result()
    except ImpossibleError as error:
        pytest.skip(str(error))
    assert before == [], "it is stopped by nothing, with the layer in place"
    assert [title for title, complaints in after.items() if not complaints] == []


def test_the_table_fits_the_package():
    """Each edit applies to the package as it is, and each attack and each layer exists."""
    attacks = {attack.title for attack in (*committed(), *parcels())}
    for name, layer in LAYERS.items():
        for edit in layer.edits:
            source = (PACKAGE / edit.file).read_text("utf-8")
            assert source.count(edit.replace) == 1, f"{name}: {edit.replace}"
        assert set(layer.attacks) <= attacks
        assert set(layer.behind) <= set(LAYERS) - {name}
        assert layer.edits
        assert layer.attacks


@pytest.mark.parametrize(("text", "times"), [("this stands nowhere", 0), ("import", 7)])
def test_an_edit_that_does_not_apply_once_is_an_error(tmp_path, text, times):
    """It would switch off nothing, or more than it says, and must not pass unseen."""
    (tmp_path / "a.py").write_text("import x\n" * 7)
    with pytest.raises(ValueError, match=f"must occur once in a.py, not {times} times"):
        Edit("a.py", text, "").apply(tmp_path)
