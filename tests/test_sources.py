"""Import a submission from bytes, and say where an error came from."""

import sys
import traceback
from collections.abc import Callable, Iterator
from types import FunctionType

import pytest

from grader.alarm import TimeUp
from grader.errors import UnusableError
from grader.sources import MAX_MESSAGE, SourceModules, decode_source, message_of

Submit = Callable[..., SourceModules]


@pytest.fixture
def submit() -> Iterator[Submit]:
    """Give a function that installs modules by name, and take them away afterwards."""
    modules, finders = dict(sys.modules), list(sys.meta_path)
    installed: set[str] = set()

    def install(folder: str = "", **sources: str | bytes) -> SourceModules:
        encoded = {
            f"{name}.py": text.encode() if isinstance(text, str) else text
            for name, text in sources.items()
        }
        installed.update(sources)
        submitted = SourceModules(encoded, folder)
        submitted.install()
        return submitted

    yield install
    sys.meta_path[:] = finders
    for name in installed:
        sys.modules.pop(name, None)
    sys.modules.update(modules)


def raised_by(function: FunctionType) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whichever it is
        function()
    return caught.value


def test_a_module_is_imported_from_its_bytes(submit):
    """No file is needed to import a submission."""
    modules = submit(losses="def half(x):\n    return x / 2\n")
    assert modules.function("losses", "half")(3) == 1.5
    assert modules.module("losses").__file__ == "losses.py"


def test_modules_import_each_other(submit):
    """The files of a submission find each other, in either direction and only once."""
    modules = submit(
        losses="import layers\nfrom helpers import double\ndef four(): return double(layers.TWO)\n",
        layers="import losses\nTWO = 2\n",
        helpers="def double(x): return 2 * x\n",
    )
    assert modules.function("losses", "four")() == 4
    assert modules.module("layers").losses is modules.module("losses")


def test_a_submission_wins_over_a_module_of_the_same_name(submit):
    """What is declared is imported from the submission, whatever else has that name."""
    first = submit(losses="WHO = 'first'\n")
    assert first.module("losses").WHO == "first"
    second = submit(losses="WHO = 'second'\n", colorsys="WHO = 'student'\n")
    assert second.module("losses").WHO == "second"
    assert second.module("colorsys").WHO == "student"


@pytest.mark.parametrize("name", ["optimizers", "os", "numpy"])
def test_only_declared_modules_are_the_submissions(submit, name):
    """What was not handed in is missing, even if it could be imported."""
    modules = submit(losses="")
    with pytest.raises(UnusableError, match=f"^{name}.py is missing from the submission$"):
        modules.module(name)


def test_a_helper_that_was_not_declared_is_not_found(submit):
    """A submission cannot import what nobody gave it."""
    modules = submit(losses="import my_helpers\n")
    with pytest.raises(UnusableError) as refused:
        modules.module("losses")
    assert str(refused.value) == (
        "losses.py cannot be imported: ModuleNotFoundError: No module named 'my_helpers'\n"
        "  at losses.py, line 1: import my_helpers"
    )


def test_a_submodule_of_a_declared_name_is_not_claimed(submit):
    """Flat modules only: `losses.py` is no package."""
    modules = submit(losses="", other="import losses.inner\n")
    with pytest.raises(UnusableError, match="'losses' is not a package"):
        modules.module("other")


@pytest.mark.parametrize("source", ["", "other = 1\n", "half = None\n"])
def test_a_missing_function_is_named(submit, source):
    """The sentence says which function of which file is missing."""
    modules = submit(losses=source)
    with pytest.raises(UnusableError, match=r"^losses\.py has no function 'half'$"):
        modules.function("losses", "half")


CANNOT_BE_READ = {
    "syntax": ("x = 1\ny = (2\n", r"SyntaxError: '\(' was never closed \(losses.py, line 2\)"),
    "indentation": ("def f():\nreturn 1\n", r"IndentationError: .* \(losses.py, line 2\)"),
    "NUL": (b"x = 1\n\0", "SyntaxError: the file holds a NUL byte; save it as UTF-8 text"),
    "UTF-16": ("x = 1\n".encode("utf-16-le"), "SyntaxError: the file holds a NUL byte"),
    "UTF-16 with a mark": (
        "x = 1\n".encode("utf-16"),
        "SyntaxError: line 1 is not utf-8 text; save the file as UTF-8",
    ),
    "Latin-1": (
        "x = 1\ny = 'é'\n".encode("latin-1"),
        "SyntaxError: line 2 is not utf-8 text; save the file as UTF-8",
    ),
    "brackets": ("x = " + "(" * 5000 + ")" * 5000, "SyntaxError: .*nested"),
    "operators": ("x = " + "-" * 100_000 + "1", "SyntaxError: .*nested"),
    "attributes": ("x" + ".y" * 100_000, "SyntaxError: .*nested"),
}


@pytest.mark.parametrize(("source", "sentence"), CANNOT_BE_READ.values(), ids=CANNOT_BE_READ)
def test_a_file_that_cannot_be_read_is_explained(submit, source, sentence):
    """Whatever keeps Python from reading a file becomes one sentence that names it."""
    modules = submit(losses=source)
    with pytest.raises(UnusableError, match=f"^losses.py cannot be imported: {sentence}"):
        modules.module("losses")


def test_a_byte_order_mark_does_no_harm(submit):
    """Editors of some systems begin a file with it."""
    modules = submit(losses=b"\xef\xbb\xbfx = 1\n")
    assert modules.module("losses").x == 1


@pytest.mark.parametrize("coding", ["nope", "punycode", "latin-1", "utf-7"])
def test_a_coding_comment_is_not_obeyed(submit, coding):
    """What looks for banned names reads the same text as what runs it: UTF-8."""
    source = f"# coding: {coding}\nx = 'é'\n".encode()
    assert submit(losses=source).module("losses").x == "é"
    assert decode_source(source) == source.decode()


def test_the_graders_own_future_imports_do_not_leak(submit):
    """A submission is compiled as if it stood alone."""
    modules = submit(losses="def f(x: undefined_name): pass\n")
    with pytest.raises(UnusableError, match="NameError: name 'undefined_name' is not defined"):
        modules.module("losses")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("class Odd(BaseException): pass\nraise Odd('x')", "Odd: x"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_an_error_at_import_is_explained(submit, statement, sentence):
    """Whatever the top level raises becomes a sentence, every time it is imported."""
    modules = submit(losses=statement + "\n")
    for _ in range(2):
        with pytest.raises(UnusableError) as refused:
            modules.module("losses")
        assert str(refused.value).startswith(f"losses.py cannot be imported: {sentence}")
        assert "\n  at losses.py, line " in str(refused.value)


def test_an_error_in_an_imported_file_is_placed_there(submit):
    """The sentence names the file asked for, and the file and line where it went wrong."""
    modules = submit(losses="x = 1\nimport layers\n", layers="\n\n1 / 0  # oops\n")
    with pytest.raises(UnusableError) as refused:
        modules.module("losses")
    assert str(refused.value) == (
        "losses.py cannot be imported: ZeroDivisionError: division by zero\n"
        "  at layers.py, line 3: 1 / 0  # oops"
    )


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise KeyboardInterrupt", KeyboardInterrupt),
        ("from grader.alarm import TimeUp\nraise TimeUp", TimeUp),
    ],
)
def test_an_interruption_is_not_the_submissions(submit, source, error):
    """Whoever presses Ctrl-C, and a clock that rings, stop more than an import."""
    modules = submit(losses=source)
    with pytest.raises(error):
        modules.module("losses")


FUNCTIONS = """
import layers

def outer(x):
    return inner(x)

def inner(x):
    y = x + 1
    return layers.apply(len, y)

def library(x):
    return sorted(x, key=undefined)

def nothing_wrong():
    return 1
"""


def test_an_error_is_placed_at_the_submissions_innermost_line(submit):
    """Of a traceback, the last line of the student's counts, not that of a library."""
    modules = submit(losses=FUNCTIONS, layers="def apply(f, x):\n    return f(x)\n")
    error = raised_by(lambda: modules.function("losses", "outer")(1))
    assert modules.place(error) == "layers.py, line 2: return f(x)"
    assert modules.entered(error) == "outer"
    assert modules.explain(error) == (
        "TypeError: object of type 'int' has no len()\n  at layers.py, line 2: return f(x)"
    )


def test_an_error_of_someone_else_has_no_place(submit):
    """A traceback without a line of the submission is not explained by one."""
    modules = submit(losses=FUNCTIONS, layers="")
    error = raised_by(lambda: int("one"))
    assert modules.place(error) == ""
    assert modules.entered(error) == ""
    assert modules.explain(error) == "ValueError: invalid literal for int() with base 10: 'one'"


def test_a_file_in_a_folder_is_named_without_the_folder(submit):
    """Sentences name the file; tracebacks name the path, so that a debugger finds the lines."""
    modules = submit("/home/ada/a2", losses="def f():\n    return 1 / 0\n")
    error = raised_by(modules.function("losses", "f"))
    assert modules.place(error) == "losses.py, line 2: return 1 / 0"
    last = traceback.extract_tb(error.__traceback__)[-1]
    assert (last.filename, last.line) == ("/home/ada/a2/losses.py", "return 1 / 0")


def test_a_file_of_the_same_name_elsewhere_is_not_the_submissions(submit):
    """Only lines of the submission's own folder are its lines."""
    modules = submit("/home/ada/a2", losses="")
    elsewhere: dict[str, FunctionType] = {}
    exec(compile("def f(): 1 / 0", "/opt/losses.py", "exec"), elsewhere)  # noqa: S102
    assert modules.place(raised_by(elsewhere["f"])) == ""


class LoudStr(str):
    """A text whose length is not what it seems."""

    __slots__ = ()

    def __getitem__(self, _: object) -> str:
        return "x" * 10**6


class HostileError(Exception):
    """An error whose message does what its first argument says."""

    def __str__(self) -> str:
        return self.args[0]()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("plain"), "plain"),
        (ValueError(), ""),
        (KeyError("k"), "'k'"),
        (ValueError("x" * 10_000), "x" * MAX_MESSAGE),
        (ValueError("lone \ud800 surrogate"), "lone ? surrogate"),
        (HostileError(lambda: sys.exit(0)), "(its message cannot be shown)"),
        (HostileError(lambda: 5), "(its message cannot be shown)"),
        (HostileError(lambda: LoudStr("quiet")), "(its message is not a str)"),
    ],
)
def test_a_message_is_text_of_bounded_length(error, text):
    """Whatever `__str__` does, the message is a plain, valid text."""
    message = message_of(error)
    assert type(message) is str
    assert message == text


def test_a_name_that_is_no_function_is_said_to_be_none(submit):
    """A student who assigned a value to the function's name reads that."""
    modules = submit(losses="softmax = 5\n")
    with pytest.raises(UnusableError, match=r"^losses\.py: 'softmax' is no function$"):
        modules.function("losses", "softmax")


def test_a_capital_letter_means_a_class(submit):
    """What is missing is called what it should be."""
    modules = submit(losses="Net = 5\n")
    with pytest.raises(UnusableError, match=r"^losses\.py: 'Net' is no class$"):
        modules.function("losses", "Net")
    with pytest.raises(UnusableError, match=r"^losses\.py has no class 'Node'$"):
        modules.function("losses", "Node")


CLASSES = """
class Net:
    def __init__(self, x): self.y = 1 / x
    def forward(self): return 1 / 0
    def __call__(self): return 1 / 0
    def __add__(self, other): return 1 / 0

def make():
    def inner(): return 1 / 0
    return inner
"""


@pytest.mark.parametrize(
    ("call", "title"),
    [
        (lambda m: m.Net(0), "Net"),
        (lambda m: m.Net(1).forward(), "Net.forward"),
        (lambda m: m.Net(1)(), "Net"),
        (lambda m: m.Net(1) + 1, "Net.__add__"),
        (lambda m: m.make()(), "inner"),
    ],
    ids=["constructor", "method", "call", "operator", "closure"],
)
def test_a_method_is_called_what_a_test_calls_it(submit, call, title):
    """With its class; a constructor is the class, and an inner function only itself."""
    modules = submit(losses=CLASSES)
    assert modules.entered(raised_by(lambda: call(modules.module("losses")))) == title
