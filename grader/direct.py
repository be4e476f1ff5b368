"""Call a test as pytest would, without pytest, where that makes no difference.

Of a test that takes a millisecond, pytest's hooks, fixtures and reports take two more,
for every submission of a class. A test is called directly if everything it gets is a
fixture of ours or a parameter of its own, and no marker or hook has a say in how it is
run. What it comes to is judged by the same examination in either case.
"""

import time
from collections.abc import Iterator
from typing import Final, Literal

import pytest

from grader.examination import Examination
from grader.plugin import GIVEN, TEST

_OURS: Final = "grader.plugin"  # where our fixtures are
_DECIDING: Final = ("skip", "skipif", "xfail")
_HOOKS: Final = ("pytest_runtest_", "pytest_pyfunc_call", "pytest_fixture_")


def is_direct(item: pytest.Item) -> bool:
    """Whether an item can be called without pytest."""
    if not isinstance(item, pytest.Function) or TEST not in item.stash:
        return False
    if any(item.get_closest_marker(name) for name in _DECIDING) or _is_watched(item.config):
        return False
    parameters = set(_parameters(item))
    wanted = item._fixtureinfo
    others = set(wanted.names_closure) - parameters - {"request"}
    return "request" not in wanted.argnames and all(
        name in GIVEN and wanted.name2fixturedefs[name][-1].func.__module__ == _OURS
        for name in others
    )


def call_directly(item: pytest.Function, examination: Examination) -> None:
    """Run a test, and let the examination judge what comes of it."""
    test, error = item.stash[TEST], None
    when: Literal["setup", "call"] = "setup"
    began = time.perf_counter()
    try:
        examination.begin(test)
        when, began = "call", time.perf_counter()
        with examination.student.interrupted():
            item.obj(**{name: _given(item, name) for name in item._fixtureinfo.argnames})
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except BaseException as caught:
        error = caught
    seconds = time.perf_counter() - began
    place = item.nodeid, item.location
    report = pytest.TestReport(*place, {}, _outcome(error), None, when, duration=seconds)
    examination.record(test, report, error)


def _given(item: pytest.Function, name: str) -> object:
    return GIVEN[name](item) if name in GIVEN else item.callspec.params[name]


def _outcome(error: BaseException | None) -> Literal["passed", "skipped", "failed"]:
    if error is None:
        return "passed"
    return "skipped" if isinstance(error, pytest.skip.Exception) else "failed"


def _parameters(item: pytest.Function) -> Iterator[str]:
    """Yield the names of the test's own parameters; not those that go to a fixture."""
    for marker in item.iter_markers("parametrize"):
        if not marker.kwargs.get("indirect") and len(marker.args) == 2:
            names = marker.args[0]
            yield from (
                (part.strip() for part in names.split(",")) if isinstance(names, str) else names
            )


def _is_watched(config: pytest.Config) -> bool:
    """Whether a conftest.py has hooks around the run of a test."""
    plugins = config.pluginmanager.list_name_plugin()
    return any(
        name.startswith(_HOOKS)
        for path, plugin in plugins
        if path.endswith("conftest.py")
        for name in dir(plugin)
    )
