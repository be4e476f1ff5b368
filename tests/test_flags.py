"""Flags: what an instructor is shown, and what is no reason for suspicion."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import read_assignment
from grader.flags import MOST_FLAGS, find_flags
from grader.student import own_files

SUSPICIOUS = {
    "eval('1 + 1')": "calls eval, which runs what no line shows",
    "exec(text)": "calls exec, which runs what no line shows",
    "f = compile(text, '', 'exec')": "calls compile, which makes code that no line shows",
    "__import__('scipy')": "calls __import__, which imports what no line names",
    "import ctypes": "imports ctypes, which calls code outside Python",
    "import ctypes.util as u": "imports ctypes, which calls code outside Python",
    "from base64 import b64decode": "imports base64, which unpacks what nobody can read",
    "import numpy as np, pickle": "imports pickle, which makes objects of bytes",
    "from importlib import import_module": "imports importlib, which imports what no line names",
    "getattr(x, 'a' + 'b')": "calls getattr with a name that is worked out",
    "getattr(x, name, None)": "calls getattr with a name that is worked out",
    "import numpy\nsetattr(numpy, 'pad', f)": "changes a module that others use, with setattr",
    "import numpy as np\nnp.allclose = f": "changes np.allclose, which others use",
    "import numpy as np\ndel np.pad": "changes np.pad, which others use",
    "import sys\nsys.modules['numpy']": "uses sys.modules, which shows what else is loaded",
    "f.__code__ = g": "uses __code__, which reaches around the language",
    "().__class__.__mro__[1].__subclasses__()": "uses __mro__, which reaches around the language",
    "import sys\nsys._getframe(1)": "uses _getframe, which reaches around the language",
    f"w = {'ab' * 300!r}": "a text of 600 characters",
    f"w = {b'ab' * 300!r}": "a text of 600 characters",
    f"w = {list(range(300))}": "a table of 300 values",
    f"w = {dict.fromkeys(range(150), 0)}": "a table of 300 values",
    f"w = {[[0.5] * 20] * 20}": "a table of 400 values",
}
HONEST = {
    "docstring": f'def f():\n    """{"Explain. " * 200}"""\n',
    "numbers": f"w = {list(range(100))}",
    "getattr with a name": "getattr(x, 'shape', None)",
    "attributes of its own": "class A:\n    def __init__(self):\n        self.x = {}\n",
    "a name like a function": "model.eval()\nsession.compile(x)\n",
    "usual imports": "import math, os, sys, time\nimport numpy as np\nfrom typing import Any\n",
    "a module that is read": "import numpy as np\nx = np.pi\n",
    "no Python": "def f(:",
    "no text": b"\xff\xfe",
}


def flags_of(source: str | bytes) -> tuple[str, ...]:
    return find_flags({"a.py": source if isinstance(source, bytes) else source.encode()})


@pytest.mark.parametrize("source", SUSPICIOUS)
def test_what_deserves_a_look_is_shown_with_its_line(source):
    """Each sentence names the file, the line and the reason."""
    line = source.count("\n") + 1
    assert f"a.py, line {line}: {SUSPICIOUS[source]}" in flags_of(source)


@pytest.mark.parametrize("name", HONEST)
def test_ordinary_code_has_no_flag(name):
    """What students write every day is not shown to anybody."""
    assert flags_of(HONEST[name]) == ()


def test_a_table_inside_a_table_is_told_once():
    """The whole is flagged, not its rows."""
    rows = [[0.25] * 250] * 3
    assert flags_of(f"\nw = {rows}") == ("a.py, line 2: a table of 750 values",)


def test_files_come_in_their_order_and_lines_in_theirs():
    """Whoever reads the list can follow it through the files."""
    found = find_flags({"b.py": b"\neval('')\nimport ctypes\n", "a.py": b"import pickle\n"})
    assert [flag.partition(":")[0] for flag in found] == [
        "b.py, line 2", "b.py, line 3", "a.py, line 1"
    ]  # fmt: skip


def test_the_list_ends_some_time():
    """A file full of flags is cut, and says by how much."""
    found = flags_of("eval('')\n" * (MOST_FLAGS + 5))
    assert len(found) == MOST_FLAGS + 1
    assert found[-1] == "and 5 more of this kind"


@pytest.mark.parametrize(
    "source",
    ["(" * 9000 + ")" * 9000, "-" * 90_000 + "1", "x" + ".a" * 90_000, "x=1\n" * 240_000,
     "lambda:" * 20_000 + "0", "x = " + "[" * 90 + "]" * 90],
    ids=["brackets", "signs", "dots", "statements", "lambdas", "lists"],
)  # fmt: skip
def test_no_source_takes_the_reader_down(source):
    """What cannot be read is flagged, or has no flags."""
    assert flags_of(source) in (
        (), ("a.py, line 1: more code, or more deeply nested, than can be looked through",)
    )  # fmt: skip


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_handed_in_gives_texts(source):
    """Any bytes at all give a list of one-line texts."""
    for flag in find_flags({"a.py": source}):
        assert flag.startswith("a.py, line ")
        assert "\n" not in flag


def test_the_course_itself_has_no_flags():
    """A warning that the solutions themselves raise would be worth nothing."""
    for description in (Path(__file__).parents[1] / "reference").glob("*/assignment.toml"):
        assignment = read_assignment(description.parent)
        sources = own_files(assignment.folder, assignment.files)
        assert find_flags(sources, assignment.unbanned_files) == ()


def test_names_may_be_worked_out_where_none_is_banned():
    """There a user's text may name a layer; everything else is flagged all the same."""
    source = b"from torch import nn\nlayer = getattr(nn, name)\neval('')\n"
    assert len(find_flags({"model.py": source})) == 2
    assert find_flags({"model.py": source}, ["model.py"]) == (
        "model.py, line 3: calls eval, which runs what no line shows",
    )
