"""Changing tiers in the text of a description: nothing else moves."""

import tomllib

import pytest

from grader.authoring.release import render
from grader.authoring.tier_text import with_accuracies, without_other_tiers
from grader.course import read_assignment
from grader.errors import GraderError

TEXT = """id = "a"   # a name

# Measured in May.
[[tier]]
test = "test_public"
dataset = "digits"
accuracy = 0.80  # the old one
share = 0.5
[[tier]]
test = "test_public"
  dataset = "digits"
  accuracy =0.9
share = 1.0

# Only for us.
[[tier]]
test = "test_secret"
dataset = "digits"
accuracy = 0.7
share = 1.0

# After the tiers.

[limits]
accuracy = 3
notes = ["[[tier]]"]
"""


def test_accuracies_are_replaced_and_nothing_else():
    """Comments, spaces and an unchanged number stay, byte for byte."""
    changed = with_accuracies(TEXT, [0.80, 0.915, 0.75], "assignment.toml")
    expected = TEXT.replace("accuracy =0.9\n", "accuracy =0.915\n").replace("0.7\n", "0.75\n")
    assert changed == expected
    windows = TEXT.replace("\n", "\r\n")
    assert with_accuracies(windows, [0.85, 0.9, 0.7], "a") == windows.replace("0.80", "0.85")


def test_a_tier_goes_with_the_comment_above_it():
    """What is left is what was there; other comments stay."""
    left = without_other_tiers(TEXT, {"test_public"}, "assignment.toml")
    gone = TEXT[TEXT.index("# Only for us") : TEXT.index("# After")]
    assert left == TEXT.replace(gone, "")
    only_hidden = without_other_tiers(TEXT, {"test_secret"}, "assignment.toml")
    assert "# Measured in May" not in only_hidden
    assert "# Only for us" in only_hidden
    assert "tier" not in tomllib.loads(without_other_tiers(TEXT, set(), "assignment.toml"))


def test_where_no_tier_goes_the_text_is_the_same():
    """Even a way of writing that could not be changed."""
    text = 'tier = [{test = "test_a", accuracy = 0.5}]\n'
    assert without_other_tiers(text, {"test_a"}, "assignment.toml") == text


@pytest.mark.parametrize(
    "text",
    [
        'tier = [{test = "test_a", accuracy = 0.5}]\n',
        '[[tier]]\ntest = "test_a"\n\naccuracy = 0.5\n',
        '[[tier]]\ntest = "test_a"\n"accuracy" = 0.5\n',
        'note = """\n[[tier]]\naccuracy = 0.5"""\n[[tier]]\ntest = "test_a"\naccuracy = 0.5\n',
    ],
)
def test_what_cannot_be_changed_safely_is_left_to_the_author(text):
    """A change that would touch anything else, or miss its number, is refused."""
    tomllib.loads(text)
    with pytest.raises(GraderError, match=r"assignment\.toml: a tier cannot be changed there"):
        with_accuracies(text, [0.75], "assignment.toml")


def test_a_release_keeps_the_tiers_of_public_tests_alone(tiny):
    """Those of a hidden test would name it."""
    path = tiny / "assignment.toml"
    tiers = [
        f'\n[[tier]]\ntest = "{test}"\ndataset = "digits"\naccuracy = 0.9\nshare = 1.0\n'
        for test in ("test_frame", "test_frame_of_a_digit")
    ]
    path.write_text(path.read_text() + tiers[0] + tiers[1])
    for name in ("lengths.py", "frames.py"):
        solved = (tiny / name).read_text()
        marked = solved.replace('"""\n    ', '"""\n    ### BEGIN SOLUTION\n    ')
        marked = marked.replace("\n\n\ndef", "\n    ### END SOLUTION\n\n\ndef")
        marked = marked.replace("np\n    ### END SOLUTION\n", "np\n") + "    ### END SOLUTION\n"
        (tiny / name).write_text(marked)

    released = render(read_assignment(tiny))["assignment.toml"].decode()

    assert released == path.read_text().replace(tiers[1], "")
