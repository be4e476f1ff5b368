"""Texts of students steer no terminal, no log and no reader's eyes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.exports.texts import cut, number, one_line, readable
from tests.exports_examples import HOSTILE

NASTY = st.text(alphabet=st.sampled_from(":#[] \n\t\r\x1b\x9b\x07\\2J;m\u202e\u2028\ufeffa"))


@given(NASTY | st.text())
def test_no_line_is_a_command_and_every_letter_can_be_seen(text):
    """GitHub's runner takes `::x` at the start of a line, and `##[x]` anywhere."""
    shown = readable(text)

    assert all(c.isprintable() or c in "\n\t" for c in shown)
    assert "##[" not in shown
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())


@given(NASTY | st.text())
def test_a_text_that_is_readable_stays_as_it_is(text):
    """Cleaning twice is cleaning once."""
    assert readable(readable(text)) == readable(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9b2Jtext", "text"),
        ("\x1b(Btext", "text"),
        ("one\r\ntwo", "one\ntwo"),
        ("exe\u202egnp", "exe\N{REPLACEMENT CHARACTER}gnp"),
        ("test.py::test_corners", "test.py::test_corners"),
        ("  ::error::x", "  : :error::x"),
        ("Größe × 漢字 🎓\n\tx", "Größe × 漢字 🎓\n\tx"),
    ],
)
def test_examples(text, expected):
    """Colours, links and titles vanish; letters, lines and tabs stay."""
    assert readable(text) == expected


def test_one_line_is_one_short_line():
    """Names and titles hold no line break, and end somewhere."""
    assert one_line("a\n b\tc") == "a b c"
    assert re.fullmatch(r"[^\n]{1,201}", one_line(HOSTILE * 10))


def test_what_is_cut_says_so():
    """An ellipsis stands for the rest."""
    assert cut("abc", 3) == "abc"
    assert cut("ab cd", 3) == "ab…"
    assert cut("abc", 0) == "…"


@pytest.mark.parametrize(
    ("value", "expected"), [(75.0, "75"), (0.5, "0.5"), (200 / 3, "66.67"), (100, "100"), (0, "0")]
)
def test_points_have_at_most_two_decimals(value, expected):
    """Learning platforms keep no more."""
    assert number(value) == expected
