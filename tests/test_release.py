"""Releasing an assignment: what goes, what stays, and what must never leak."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from grader.authoring import release as release_module
from grader.authoring.leaks import is_telling
from grader.authoring.quiz import without_answers
from grader.authoring.release import release, render, stale
from grader.authoring.stub import make_stub
from grader.course import assignment_sha256, read_assignment
from grader.errors import GraderError
from grader.misconceptions import PRACTICE_SEED, Misconceptions

DESCRIPTION = """
id = "a1"
title = "Padding"
dataset = "digits"
packages = ["numpy"]
[limits]
test_seconds = 1
submission_seconds = 10
memory_mb = 512
[[task]]
name = "pad"
file = "padding.py"
points = 60
[[task]]
name = "Net"
file = "network.py"
points = 40
"""
PADDING = '''"""Padding."""

import numpy as np


def pad(image, size, mode="zero"):
    """Put a frame around an image."""
    ### BEGIN SOLUTION
    H, W = image.shape
    padded = np.zeros((H + 2 * size, W + 2 * size))
    padded[size : size + H, size : size + W] = image
    ### END SOLUTION
    return padded
'''
STUB = '''"""Padding."""

import numpy as np


def pad(image, size, mode="zero"):
    """Put a frame around an image."""
    # YOUR CODE HERE
    raise NotImplementedError("pad")
    return padded
'''
NETWORK = '''"""A network."""

### BEGIN SOLUTION
def helper(z):
    return 1 / (1 + 2 ** -z)
### END SOLUTION


class Net:
    """A network."""

    def __init__(self, inputs=3, *, rng):
        self.inputs = inputs

    def forward(self, X: list) -> list:
        """Return probabilities."""
        if X:
            ### BEGIN SOLUTION
            return [helper(x) for x in X]
            ### END SOLUTION
        return []
'''
QUIZ = '''# the answer is the second
title = "Quiz"
[[question]]
text = "Size of 20×20 with kernel \\"5\\"?"
correct = "b"  # six
reason = """
Because
[[it]] = "fits"
"""
tags = ["size", 1, 2.5, true]
[[question.choice]]
name = "a"
text = "7"
reason = "too large"
[[question.choice]]
name = "b"
text = "6"
reason = "right"
[question.extra]
correct = 1
"odd key" = { x = 1, reason = "r" }
'''


@pytest.fixture
def source(tmp_path):
    """Write a whole assignment, with everything that must stay behind."""
    folder = tmp_path / "reference" / "a1"
    files = {
        "assignment.toml": DESCRIPTION,
        "padding.py": PADDING,
        "network.py": NETWORK,
        "README.md": "# Padding\n",
        "quiz.toml": QUIZ,
        "figures/frame.svg": "<svg/>",
        "figures/frame.png": "png",
        "figures/source.psd": "no",
        "tests/test_padding.py": "def test_shape():\n    assert True\n",
        "tests/__pycache__/x.pyc": "no",
        "tests/.ipynb_checkpoints/test_padding.py": "no",
        "hidden_tests/test_hidden.py": "def test_odd_shapes(student):\n    pass\n",
        "figures.py": "no",
        "plots.py": "no",
        "notes.txt": "no",
        "solutions/padding.py": PADDING,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def prove(source):
    """Add a known mistake, and what a successful `grader verify` leaves behind."""
    (source / "mutants.toml").write_text("# no")
    proven = Misconceptions(
        assignment_sha256=assignment_sha256(source),
        hints={"wide": "Think of the corners.", "secret": "Hidden tests find this."},
        tables={
            PRACTICE_SEED: {"test_padding.py::test_shape": {"f1": ["wide"]}},
            7: {"test_hidden.py::test_odd_shapes": {"f2": ["secret"]}},
        },
    )
    (source / "fingerprints.json").write_text(proven.to_text())


@pytest.fixture
def out(tmp_path):
    return tmp_path / "assignments"


RELEASED = {
    ".gitignore", "README.md", "assignment.toml", "figures/frame.png", "figures/frame.svg",
    "network.py", "padding.py", "pytest.toml", "quiz.toml", "tests/test_padding.py",
}  # fmt: skip


# --- stubs


def test_a_solution_becomes_an_error_that_names_the_task():
    assert make_stub(PADDING, "padding.py").text == STUB


def test_a_method_is_named_with_its_class_and_a_helper_leaves_no_trace():
    assert (
        make_stub(NETWORK, "network.py").text
        == '''"""A network."""

# YOUR CODE HERE


class Net:
    """A network."""

    def __init__(self, inputs=3, *, rng):
        self.inputs = inputs

    def forward(self, X: list) -> list:
        """Return probabilities."""
        if X:
            # YOUR CODE HERE
            raise NotImplementedError("Net.forward")
        return []
'''
    )


def test_an_inner_function_belongs_to_the_outer_one():
    text = (
        "def outer():\n    def inner():\n        ### BEGIN SOLUTION\n        return 1\n"
        "        ### END SOLUTION\n    return inner\n"
    )
    assert 'NotImplementedError("outer")' in make_stub(text, "a.py").text


def test_what_lies_outside_a_solution_stays_byte_for_byte():
    text = PADDING.replace("\n", "\r\n") + "\r\nx = '\x0c\u2028 é'  \r\n# no newline at the end"
    stub = make_stub(text, "padding.py").text
    assert stub.startswith('"""Padding."""\r\n\r\nimport numpy as np\r\n')
    assert stub.endswith("\r\nx = '\x0c\u2028 é'  \r\n# no newline at the end")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    ### END SOLUTION\n", "", "padding.py:8: .* without its partner"),
        ("    ### BEGIN SOLUTION\n", "", "padding.py:11: .* without its partner"),
        ("### END", "### BEGIN", r"padding.py:12: .*\(the last one began on line 8\)"),
        ("### BEGIN", "## BEGIN", "padding.py:8: a marker must be"),
        ("BEGIN SOLUTION", "Begin Solution", "padding.py:8: a marker must be"),
        ("BEGIN SOLUTION", "BEGIN SOLUTION now", "padding.py:8: a marker must be"),
        ("H, W = image", "H, W == = image", "padding.py:9: not valid Python"),
    ],
)
def test_a_mistake_in_the_markers_is_named_with_its_line(old, new, message):
    with pytest.raises(GraderError, match=message):
        make_stub(PADDING.replace(old, new, 1), "padding.py")


def test_a_docstring_inside_a_solution_is_refused():
    text = 'def f():\n    ### BEGIN SOLUTION\n    """Doc."""\n    return 1\n    ### END SOLUTION\n'
    with pytest.raises(GraderError, match="stub of f has another signature or docstring"):
        make_stub(text, "a.py")


def test_a_solution_without_which_the_stub_does_not_parse_is_refused():
    text = "class A:\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n"
    with pytest.raises(GraderError, match=r"the stub of a.py:2: not valid Python"):
        make_stub(text, "a.py")


# --- the quiz


def test_a_quiz_loses_its_answers_and_nothing_else():
    text = without_answers(QUIZ, "quiz.toml")
    assert tomllib.loads(text) == {
        "title": "Quiz",
        "question": [
            {
                "text": 'Size of 20×20 with kernel "5"?',
                "tags": ["size", 1, 2.5, True],
                "choice": [{"name": "a", "text": "7"}, {"name": "b", "text": "6"}],
                "extra": {"odd key": {"x": 1}},
            }
        ],
    }
    assert "answer" not in text


@pytest.mark.parametrize("value", ["a\nb\t\x7f\\\"'", "é😀", "", "# no comment"])
def test_any_text_survives_in_a_quiz(value):
    text = without_answers(f"x = {escaped(value)}\n", "quiz.toml")
    assert tomllib.loads(text) == {"x": value}


def escaped(value):
    return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'


# --- releasing


def test_a_release_holds_what_is_named_and_nothing_else(source, out):
    assignment = read_assignment(source)
    written = release(assignment, out)
    assert {path.relative_to(out / "a1").as_posix() for path in written} == RELEASED
    present = {p.relative_to(out / "a1").as_posix() for p in out.rglob("*") if p.is_file()}
    assert present == RELEASED
    assert (out / "a1" / "padding.py").read_text() == STUB
    assert (out / "a1" / "assignment.toml").read_text() == DESCRIPTION
    assert list(out.iterdir()) == [out / "a1"]


def test_known_mistakes_are_released_as_fingerprints_and_only_those_of_public_tests(source, out):
    """What would tell of a hidden test stays behind, and so do the mistakes themselves."""
    prove(source)
    written = release(read_assignment(source), out)

    names = {path.relative_to(out / "a1").as_posix() for path in written}
    assert names == RELEASED | {"fingerprints.json"}
    released = Misconceptions.read(out / "a1")
    assert released.hints == {"wide": "Think of the corners."}
    assert list(released.tables) == [PRACTICE_SEED]


@pytest.mark.parametrize("file", ["padding.py", "mutants.toml", "hidden_tests/test_hidden.py"])
def test_what_is_not_proven_as_it_is_now_is_not_released(source, out, file):
    """A changed solution, test or known mistake has to be verified again; a handout has not."""
    prove(source)
    (source / "README.md").write_text("# Better words\n")
    release(read_assignment(source), out)
    with (source / file).open("a") as stream:
        stream.write("# changed\n")

    for act in (release, stale):
        with pytest.raises(GraderError, match="a1 has changed since it was verified; run `grader"):
            act(read_assignment(source), out)


def test_what_was_never_proven_is_not_released(source, out):
    """Whoever lists known mistakes has them tried first."""
    prove(source)
    (source / "fingerprints.json").unlink()

    with pytest.raises(GraderError, match="a1 is not verified; run `grader verify a1` first"):
        release(read_assignment(source), out)
    assert not out.exists()


def test_a_second_release_writes_only_what_changed_and_removes_what_is_too_many(source, out):
    assignment = read_assignment(source)
    release(assignment, out)
    assert release(assignment, out) == []
    assert stale(assignment, out) == []
    (source / "README.md").write_text("# New\n")
    (out / "a1" / "tests" / "test_old.py").write_text("")
    (out / "a1" / "padding.py").unlink()
    (out / "a1" / "tests" / "__pycache__").mkdir()
    (out / "a1" / "tests" / "__pycache__" / "x.pyc").write_text("")
    assert stale(assignment, out) == ["README.md", "padding.py", "tests/test_old.py"]
    assert release(assignment, out) == [out / "a1" / "README.md", out / "a1" / "padding.py"]
    assert stale(assignment, out) == []
    assert not (out / "a1" / "tests" / "test_old.py").exists()


def test_rendering_is_deterministic(source):
    assignment = read_assignment(source)
    assert list(render(assignment).items()) == list(render(assignment).items())


def test_everything_is_stale_before_the_first_release(source, out):
    assert set(stale(read_assignment(source), out)) == RELEASED


def test_a_failed_release_leaves_the_former_one(source, out, monkeypatch):
    assignment = read_assignment(source)
    release(assignment, out)
    (source / "README.md").write_text("# New\n")

    def fail(target, files):
        raise OSError("disk full")

    monkeypatch.setattr(release_module.Path, "write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        release(assignment, out)
    monkeypatch.undo()
    assert (out / "a1" / "README.md").read_text() == "# Padding\n"
    assert list(out.iterdir()) == [out / "a1"]


@pytest.mark.parametrize("name", ["thesis.tex", ".git/HEAD"])
def test_a_folder_that_is_no_release_is_not_replaced(source, out, name):
    (out / "a1" / name).parent.mkdir(parents=True)
    (out / "a1" / name).write_text("precious")
    with pytest.raises(GraderError, match="is no earlier release"):
        release(read_assignment(source), out)
    assert (out / "a1" / name).read_text() == "precious"


@pytest.mark.parametrize("name", [".git", "hidden_tests", "mutants.toml"])
def test_a_folder_that_holds_more_than_a_release_is_not_replaced(source, out, name):
    release(read_assignment(source), out)
    (out / "a1" / name).mkdir()
    with pytest.raises(GraderError, match=f"holds {name}"):
        release(read_assignment(source), out)


def test_the_source_is_never_overwritten(source, tmp_path):
    assignment = read_assignment(source)
    with pytest.raises(GraderError, match="would overwrite the source"):
        release(assignment, source.parent)
    with pytest.raises(GraderError, match="would overwrite the source"):
        release(assignment, source / "out")
    (tmp_path / "link").symlink_to(source.parent)
    with pytest.raises(GraderError, match="would overwrite the source"):
        release(assignment, tmp_path / "link")


def test_a_file_of_tasks_without_a_solution_region_is_refused(source):
    (source / "padding.py").write_text("def pad(image):\n    return image\n")
    with pytest.raises(GraderError, match=r"padding.py: pad has no solution region"):
        render(read_assignment(source))


def test_a_task_without_a_solution_region_is_refused_beside_one_with(source):
    text = PADDING.replace("def pad(", "def other(") + "\n\ndef pad(image):\n    return image\n"
    (source / "padding.py").write_text(text)
    with pytest.raises(GraderError, match=r"padding.py: pad has no solution region"):
        render(read_assignment(source))


@pytest.mark.parametrize("name", ["padding.py", "network.py"])
def test_a_missing_file_is_an_error(source, name):
    (source / name).unlink()
    with pytest.raises(GraderError, match=f"cannot read .*{name}"):
        render(read_assignment(source))


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("README.md", "# Padding\n\nUse `padded = np.zeros((H + 2*size, W + 2*size))`.\n", 3),
        (
            "tests/test_padding.py",
            "\n\n    padded[size:size + H,\n        size:size + W] = image\n",
            3,
        ),
        ("figures/frame.svg", "<!-- return [helper(x) for x in X] -->", 1),
        ("assignment.toml", DESCRIPTION + "\n# return 1/(1+2**-z)\n", 19),
    ],
)
def test_a_line_of_a_solution_anywhere_stops_the_release(source, out, file, text, line):
    (source / file).write_text(text)
    with pytest.raises(GraderError, match=r"the solution's line .*reword one of them") as caught:
        release(read_assignment(source), out)
    assert f"the released {file}:{line};" in str(caught.value)
    assert not out.exists()


def test_the_line_of_one_solution_in_another_file_s_stub_stops_the_release(source):
    text = PADDING + "\n\ndef free(z):\n    return 1 / (1 + 2 ** -z)\n"
    (source / "padding.py").write_text(text)
    with pytest.raises(GraderError, match=r"network.py:5: .* in the released padding.py"):
        render(read_assignment(source))


def test_the_name_of_a_hidden_test_stops_the_release(source):
    (source / "README.md").write_text("See test_odd_shapes_too.\n")
    render(read_assignment(source))
    (source / "README.md").write_text("See `test_odd_shapes`.\n")
    with pytest.raises(GraderError, match=r"hidden test 'test_odd_shapes' is named in .*README.md"):
        render(read_assignment(source))


@pytest.mark.parametrize(
    "line",
    [
        "return images.transpose(0, 3, 1, 2)",
        "return np.maximum(z, 0)",
        "return image[..., ::-1]",
        "result = (x - mean) / std",
        "dlogits[np.arange(N), labels] -= 1",
        "gradient = X.T @ (outputs - targets)",
        "padded = np.zeros((H + 2 * size, W))",
        "for i in range(0, H - kernel_height + 1, stride):",
        "if np.abs(z).max() > 700:",
        "w -= learning_rate * gradient",
    ],
)
def test_a_line_with_an_idea_in_it_is_telling(line):
    assert is_telling(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x = y + 1",
        "# multiply by two: x * 2",
        "import numpy as np",
        "return padded_image",
        'raise ValueError(f"got {image.shape} - not 2-D")',
        "for row in range(H):",
        "for image, label in zip(images, labels):",
        "if image.ndim != 2:",
        "if len(labels) != N:",
        "if pad_height < 0 or pad_width < 0:",
        "height, width = image.shape",
        "image = np.asarray(image, dtype=np.float64)",
        "result = np.zeros_like(image)",
        "rng = np.random.default_rng(0)",
        "with torch.no_grad():",
        "optimizer.zero_grad()",
        "losses.append(loss)",
        "def helper(z, alpha=0.5):",
        'f"a pad must be smaller than its axis - got {pad}"',
    ],
)
def test_a_line_that_anyone_would_write_alike_is_not(line):
    assert not is_telling(line)


def test_pytest_inside_a_release_knows_nothing_of_what_lies_around(source, out):
    release(read_assignment(source), out)
    (out / "pyproject.toml").write_text('[tool.pytest]\naddopts = ["--no-such-option"]\n')
    (out / "conftest.py").write_text("raise SystemExit('the outer conftest was run')\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=out / "a1", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "configfile: pytest.toml" in run.stdout
    assert "1 passed" in run.stdout


def test_a_release_may_be_copied_anywhere_and_read_again(source, out, tmp_path):
    release(read_assignment(source), out)
    shutil.copytree(out / "a1", tmp_path / "home" / "mine")
    assert read_assignment(tmp_path / "home" / "mine").files == ("padding.py", "network.py")
