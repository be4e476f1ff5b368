"""Which uses of banned names are found in a source, and which are none."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.source import Use, banned_uses, foreign_imports

BANNED = ["numpy.pad", "scipy.signal", "torch.nn.functional.conv2d"]

USES = {
    "an attribute": "import numpy as np\nnp.pad(x, 1)",
    "without an alias": "import numpy\nnumpy.pad(x, 1)",
    "imported by name": "from numpy import pad\npad(x, 1)",
    "imported under another name": "from numpy import pad as p\np(x, 1)",
    "imported and not called": "from numpy import pad",
    "imported with everything": "from numpy import *\npad(x, 1)",
    "given a name": "import numpy as np\np = np.pad",
    "the module given a name": "import numpy as np\nm = np\nm.pad(x, 1)",
    "in a tuple of names": "import numpy as np\nm, one = np, 1\nm.pad(x, one)",
    "a name with an annotation": "import numpy as np\nm: object = np\nm.pad(x, 1)",
    "a name in an expression": "import numpy as np\nif m := np:\n    m.pad(x, 1)",
    "inside an expression with a name": "import numpy as np\n(m := np).pad(x, 1)",
    "a name that is bound below": "def f():\n    q = m\n    q.pad(1)\nimport numpy as np\nm = np",
    "imported in a function": "def f(x):\n    import numpy as np\n    return np.pad(x, 1)",
    "a default value": "import numpy as np\ndef f(x, pad=np.pad):\n    return pad(x)",
    "a decorator": "import numpy as np\n@np.pad\ndef f(x):\n    return x",
    "getattr": "import numpy as np\ngetattr(np, 'pad')(x, 1)",
    "getattr with a default": "import numpy as np\ngetattr(np, 'pad', None)(x, 1)",
    "getattr by another name": "import numpy as np\ng = getattr\ng(np, 'pad')(x, 1)",
    "builtins.getattr": "import builtins, numpy as np\nbuiltins.getattr(np, 'pad')(x, 1)",
    "__getattribute__": "import numpy as np\nnp.__getattribute__('pad')(x, 1)",
    "__dict__": "import numpy as np\nnp.__dict__['pad'](x, 1)",
    "__dict__.get": "import numpy as np\nnp.__dict__.get('pad')(x, 1)",
    "vars": "import numpy as np\nvars(np)['pad'](x, 1)",
    "import_module": "import importlib\nimportlib.import_module('numpy').pad(x, 1)",
    "import_module by name": "from importlib import import_module as i\ni('numpy').pad(x, 1)",
    "__import__": "__import__('numpy').pad(x, 1)",
    "__import__ given a name": "np = __import__('numpy')\nnp.pad(x, 1)",
    "sys.modules": "import sys\nsys.modules['numpy'].pad(x, 1)",
}

MODULE_USES = {
    "imported": "import scipy.signal",
    "imported under another name": "import scipy.signal as s\ns.convolve2d(x, k)",
    "imported from its package": "from scipy import signal",
    "a function from it": "from scipy.signal import convolve2d as c\nc(x, k)",
    "everything from it": "from scipy.signal import *",
    "a module in it": "import scipy.signal.windows",
    "through its package": "import scipy\nscipy.signal.convolve2d(x, k)",
    "import_module": "import importlib\nimportlib.import_module('scipy.signal')",
    "import_module given a name": "import importlib\ns = importlib.import_module('scipy.signal')",
    "__import__": "__import__('scipy.signal')",
    "__import__ of the package": "__import__('scipy').signal",
}

NO_USES = {
    "nothing": "",
    "a comment": "import numpy as np\n# np.pad(x, 1)",
    "a string": "import numpy as np\nprint('np.pad')",
    "a docstring": "def f(x):\n    '''Like numpy.pad, see scipy.signal.'''",
    "their own function": "import numpy as np\ndef pad(x):\n    return np.zeros(3)\npad(x)",
    "their own function after all": "from numpy import *\ndef pad(x):\n    return x\npad(x)",
    "their own variable after all": "from numpy import *\npad = 3\nprint(pad)",
    "everything, without it": "from numpy import *\nzeros(3)",
    "their own method": "class Image:\n    def pad(self):\n        pass\nImage().pad()",
    "their own variable": "pad, signal = 1, 2\nprint(pad + signal)",
    "their own module": "from padding import pad\npad(x, 1)",
    "their own module, relative": "from . import pad\nfrom .numpy import pad",
    "a longer name": "import numpy as np\nnp.padded(x)\nimport scipy.signals",
    "another module": "import torch.nn as nn\nnn.Conv2d(1, 2, 3)\nimport scipy.ndimage",
    "another module's pad": "import torch.nn.functional as F\nF.pad(x, 1)",
    "a name that grows": "import numpy as np\nnp = np.lib\nx = x.pad\nx = x.pad",
    "other getattr": "import numpy as np\ngetattr(np, name)\ngetattr(np)\ngetattr(x, 'pad')",
    "a call of a call": "f()()()[0]['pad'].pad",
}


def uses_of(source: str, banned: list[str] = BANNED) -> list[Use]:
    return banned_uses(source, banned, "padding.py")


@pytest.mark.parametrize("source", USES.values(), ids=USES.keys())
def test_a_use_of_a_function_is_found(source: str):
    """A banned function is found however it is named."""
    assert {use.name for use in uses_of(source)} == {"numpy.pad"}


@pytest.mark.parametrize("source", MODULE_USES.values(), ids=MODULE_USES.keys())
def test_a_use_of_a_module_is_found(source: str):
    """A banned module is found however it is imported, used or not."""
    assert {use.name for use in uses_of(source)} == {"scipy.signal"}


@pytest.mark.parametrize("source", NO_USES.values(), ids=NO_USES.keys())
def test_what_only_looks_like_a_use_is_none(source: str):
    """Comments, strings and a student's own names raise no alarm."""
    assert uses_of(source) == []


def test_uses_come_with_their_lines_in_order():
    """Each use has its line, once, in the order of the file."""
    source = textwrap.dedent(
        """
        import numpy as np
        import torch.nn.functional as F

        def blur(x, k):
            y = F.conv2d(np.pad(np.pad(x, 1), 1), k)
            return np.pad(y, 1)
        """
    )
    conv2d = "torch.nn.functional.conv2d"
    assert uses_of(source) == [Use(6, "numpy.pad"), Use(6, conv2d), Use(7, "numpy.pad")]


def test_a_call_by_another_name_is_found_where_it_is_called():
    """The import and the call are both uses: each is a line to change."""
    assert uses_of(USES["imported under another name"]) == [
        Use(1, "numpy.pad"),
        Use(2, "numpy.pad"),
    ]


def test_bytes_that_are_not_utf_8_have_no_uses():
    """Importing them says better what is wrong."""
    source = "# coding: latin-1\nimport numpy as np\ngröße = np.pad".encode("latin-1")
    assert banned_uses(source, BANNED, "padding.py") == []


@pytest.mark.parametrize(
    "source",
    [b"def f(:", b"x = '\xff'", b"\x00", b"# coding: nonsense", b"return np.pad", b"  x\n y"],
    ids=["syntax", "encoding", "null", "declaration", "outside", "indentation"],
)
def test_a_source_that_does_not_parse_has_no_uses(source: bytes):
    """A source that does not parse is reported by whoever imports it."""
    assert banned_uses(source, BANNED, "padding.py") == []


def test_an_invalid_escape_is_no_warning():
    """What Python warns about while parsing is not the grader's to say."""
    assert uses_of(r"import numpy as np; np.pad('\d')") == [Use(1, "numpy.pad")]


@pytest.mark.parametrize("depth", [1_000, 100_000])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = ", ".pad"),
        ("-", ""),
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("lambda: ", ""),
        ("1+", ""),
    ],
    ids=["attributes", "signs", "brackets", "lists", "calls", "lambdas", "sums"],
)
def test_deep_nesting_crashes_nothing(before: str, after: str, depth: int):
    """A source nested without end is refused or read, and never takes the grader down."""
    source = (
        before + "x" + after * depth if before == "x = " else before * depth + "1" + after * depth
    )
    refused = ("code nested too deeply to be read", "more code than can be read")
    assert uses_of(source) in ([], *([Use(1, reason)] for reason in refused))


def test_a_source_of_too_many_words_is_a_use():
    """Reading it all would take a gigabyte; one long text is a single word."""
    assert uses_of("x = pad\n" * 40_000) == [Use(1, "more code than can be read")]
    assert uses_of("x = pad\n" * 10_000) == []
    assert uses_of(f"x = {'a' * 900_000!r}") == []


def test_a_source_too_deep_to_be_followed_is_a_use():
    """What cannot be read is not taken on trust."""
    source = "import numpy as np\nnp" + ".lib" * 1200 + ".pad"
    assert uses_of(source) == [Use(1, "code nested too deeply to be read")]


def test_without_a_ban_nothing_is_a_use():
    """A task that bans nothing has no uses, however deep its source."""
    assert uses_of("-" * 10_000 + "1", banned=[]) == []


@given(st.lists(st.sampled_from(list(NO_USES.values())), max_size=4).map("\n".join))
def test_one_use_is_found_among_innocent_lines(innocent: str):
    """A use is found wherever it stands among lines that are none."""
    line = "import scipy.signal as hidden_away"
    lines = innocent.splitlines()
    assert uses_of("\n".join([*lines, line])) == [Use(len(lines) + 1, "scipy.signal")]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import matplotlib.pyplot as plt", 1),
        ("import numpy as np\nfrom scipy.signal import convolve2d", 2),
        ("def f():\n    import torch", 2),
        ("try:\n    from torch import nn\nexcept ImportError:\n    nn = None", 2),
        ("import os, torch", 1),
    ],
)
def test_an_import_that_is_not_allowed_is_found(source, line):
    """Wherever the import stands, its line and package are named."""
    package = {"matplotlib", "scipy", "torch"}

    (use,) = foreign_imports(source, ["numpy"], "edges.py")

    assert use.line == line
    assert use.name in package


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nfrom numpy.lib.stride_tricks import sliding_window_view",
        "import math, collections.abc\nfrom __future__ import annotations",
        "from padding import pad2d\nimport convolution",
        "from . import padding",
        "# import torch\ntext = 'import torch'",
        "this is no Python",
    ],
)
def test_allowed_imports_are_left_alone(source):
    """The standard library, the packages and the assignment's own modules are free to use."""
    assert foreign_imports(source, ["numpy", "padding", "convolution"], "edges.py") == []


@pytest.mark.parametrize("coding", ["nope", "punycode"])
def test_a_coding_comment_hides_nothing(coding):
    """Bytes are read as UTF-8, as whatever runs them reads them."""
    source = f"# coding: {coding}\nimport numpy as np\nnp.pad".encode()
    assert uses_of(source) == [Use(3, "numpy.pad")]
