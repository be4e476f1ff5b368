"""Which of a notebook's statements a task needs, and what becomes of the rest."""

import pytest

from grader.submissions.definitions import gather
from grader.submissions.magics import without_magics

TASKS = {"padding.py": ["pad2d"], "network.py": ["Net", "train"]}


def made(*cells, tasks=TASKS):
    """Return the files that the cells amount to, as modules that were run."""
    gathered = gather(cells, tasks)
    modules = {}
    for file, source in gathered.sources.items():
        modules[file] = {"__name__": file}
        exec(compile(source.decode(), file, "exec"), modules[file])  # noqa: S102 - that is the test
    return modules, gathered


def test_a_file_is_what_its_tasks_need_and_no_more():
    """Helpers and imports come along from any cell; what tries and draws stays behind."""
    cells = [
        "import math, os\nimport nothing_of_this_name\nprint(1 / 0)",
        "SCALE = 2\nunused = 1 / 0",
        "def helper(x):\n    return math.floor(x * SCALE)",
        "def pad2d(image):\n    return helper(image)\n\npadded = pad2d(3)\nassert False",
        "while True:\n    pass",
    ]
    modules, gathered = made(*cells)
    assert modules["padding.py"]["pad2d"](1.7) == 3
    source = gathered.sources["padding.py"].decode()
    for left_out in ("os", "nothing_of_this_name", "unused", "padded", "while", "print"):
        assert left_out not in source
    assert "pad2d" not in modules["network.py"]


def test_a_local_variable_needs_no_global_of_its_name():
    """A training cell that binds `w` is not run for a function with a `w` of its own."""
    cells = ["w = 1 / 0\nimage = 1 / 0", "def pad2d(image):\n    w = image\n    return w"]
    modules, _ = made(*cells)
    assert modules["padding.py"]["pad2d"](5) == 5


def test_the_last_definition_counts_and_is_noted():
    """A first attempt is not even in the file: it may use what is banned."""
    cells = [
        "import numpy as np\ndef pad2d(image):\n    return np.pad(image, 1)",
        "pad2d(1)\ntried = pad2d(2)",
        "def pad2d(image):\n    return 'second'",
    ]
    modules, gathered = made(*cells)
    assert modules["padding.py"]["pad2d"](0) == "second"
    assert b"np" not in gathered.sources["padding.py"]
    assert gathered.notes == ("pad2d is defined 2 times; the last one counts",)


def test_a_name_means_what_it_meant_from_top_to_bottom():
    """What runs at once sees the binding before it; what is called later sees the last one."""
    cells = [
        "size = 1\ndef make():\n    return size\nfirst = make()",
        "size = 2\ntable = [0]\ntable[0] = 7\ntable += [8]",
        "def pad2d():\n    return first, size, table, make()",
    ]
    modules, _ = made(*cells)
    assert modules["padding.py"]["pad2d"]() == (1, 2, [7, 8], 2)


def test_a_decorated_or_wrapped_function_keeps_what_it_was_made_of():
    """The earlier binding of a name is needed where the later one uses it."""
    cells = [
        "import functools\ndef twice(f):\n    return lambda x: f(f(x))",
        "def pad2d(x):\n    return x + 1\npad2d = twice(pad2d)",
        "@functools.lru_cache\ndef train(x):\n    return x * 2",
    ]
    modules, _ = made(*cells)
    assert modules["padding.py"]["pad2d"](0) == 2
    assert modules["network.py"]["train"](4) == 8


def test_a_method_may_be_added_to_a_class_in_a_later_cell():
    """`Net.forward = forward` changes what `Net` means."""
    cells = [
        "class Net:\n    size = 3",
        "def forward(self):\n    return self.size\nNet.forward = forward",
        "def train():\n    return Net().forward()",
    ]
    modules, _ = made(*cells)
    assert modules["network.py"]["train"]() == 3


def test_conditions_that_only_bind_names_are_kept():
    """`try: import …` is how a notebook does without a package."""
    cells = [
        "try:\n    import surely_not_installed as lib\nexcept ImportError:\n    lib = None",
        "if lib is None:\n    print('sad')\n    fallback = 1\nelse:\n    fallback = 2",
        "def pad2d():\n    return lib\ndef train():\n    return fallback",
    ]
    modules, _ = made(*cells)
    assert modules["padding.py"]["pad2d"]() is None
    with pytest.raises(NameError):  # a condition that does more is not run
        modules["network.py"]["train"]()


def test_wildcards_and_future_imports_come_along():
    """Nobody can say what a wildcard binds, and a future import must come first."""
    cells = [
        "x = 1",
        "from __future__ import annotations\nfrom math import *",
        "def pad2d(a: no):\n    return floor(a)",
    ]
    modules, _ = made(*cells)
    assert modules["padding.py"]["pad2d"](1.5) == 1


def test_imports_of_the_assignments_own_files_give_way_to_the_cells():
    """`from padding import pad2d` is how the companion begins; here the cells are the file."""
    cells = [
        "from padding import pad2d\nfrom network import *",
        "def pad2d():\n    return 1\ndef train():\n    return pad2d()",
    ]
    modules, _ = made(*cells)
    assert modules["network.py"]["train"]() == 1


def test_a_broken_cell_costs_only_what_it_defines():
    """The others are used, and the note says which cell and line."""
    cells = ["def pad2d():\n    return 1", "x = 1\ndef train(:\n    pass", "def Net(a, a): pass"]
    modules, gathered = made(*cells)
    assert modules["padding.py"]["pad2d"]() == 1
    assert gathered.defined == {"pad2d"}
    assert gathered.notes == (
        "code cell 2 is left out: line 2: invalid syntax",
        "a statement of code cell 3 is left out: line 1: duplicate argument 'a' in function"
        " definition",
    )


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("def pad2d(): return " + "-" * 50_000 + "1", "nested too deeply"),
        ("x = " + "a+" * 50_000 + "1", "nested too deeply"),
        ("x = " + "a." * 50_000 + "b", "nested too deeply"),
        ("x = " + "(" * 5_000, "nested parentheses"),
        ("def pad2d():\0 pass", "null bytes"),
        ("return 1\nx = await y", "outside"),
    ],
)
def test_what_cannot_be_read_is_left_out(cell, says):
    """Whatever a cell holds, the next one is read."""
    _, gathered = made(cell, "def train():\n    return 1")
    assert gathered.defined == {"train"}
    assert says in gathered.notes[0] or cell.startswith("return")


def test_magics_and_shell_lines_are_taken_out_with_a_note():
    """The Python around them stays, line by line."""
    cell = (
        "%matplotlib inline\n!pip install \\\n  something\nif True:\n    !ls 'it''s\n"
        "files = !ls\nnp.pad?\ntext = '''\n% stays\n!stays\n'''\nvalue = (3\n % 2)\n"
        "def pad2d():\n    return text, value"
    )
    modules, gathered = made(cell)
    assert modules["padding.py"]["pad2d"]() == ("\n% stays\n!stays\n", 1)
    (note,) = gathered.notes
    assert note == "what is no Python is left out: code cell 1: %matplotlib inline and 4 more"


def test_the_set_up_of_a_released_notebook_is_not_worth_a_note():
    """Every student would read it."""
    cells = ["%load_ext autoreload\n%autoreload 2", "def pad2d(): pass"]
    assert gather(cells, TASKS).notes == ()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%capture out\nx = 1", "\n\nx = 1"),
        ("%%bash\nls", ""),
        ("%%writefile padding.py\ndef pad2d(): pass", ""),
        ("x = 1\n%ls", "x = 1\npass"),
        ("# what?\nx = 1", "# what?\nx = 1"),
    ],
)
def test_cells_of_magics(cell, code):
    """A cell in another language is no Python at all; a timed one is."""
    assert without_magics(cell).code.rstrip("\n") == code.rstrip("\n")


def test_notes_show_no_control_characters():
    """What a student wrote goes to a terminal."""
    (note,) = gather(["!ls \x1b[2J\x07", "def pad2d(): pass"], TASKS).notes
    assert note.isprintable()


def test_what_the_compiler_would_warn_of_is_the_students_to_say():
    """A doubtful escape is no reason to leave a function out, or to print anything."""
    gathered = gather(["def pad2d():\n    return '\\d'"], TASKS)
    assert gathered.notes == ()
    assert gathered.defined == {"pad2d"}
