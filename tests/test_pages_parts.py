"""Taking messages apart, and writing numbers for people."""

from hypothesis import given
from hypothesis import strategies as st

from grader.pages.parts import Detail, take_apart
from grader.pages.words import counted, when


def test_a_message_has_a_headline_and_labelled_details():
    """Arrays keep their columns, whatever they stood behind."""
    message = take_apart(
        "padded differs\n"
        "  worst: padded[0] is 4, expected 0\n"
        "  most often mistaken: 4 taken for 9, twice\n"
        "  got:      [[4. 4.]\n"
        "             [4. 0.]]\n"
        "  printed: one\n"
        "             two"
    )
    assert message.headline == "padded differs"
    assert message.details == (
        Detail("worst", "padded[0] is 4, expected 0"),
        Detail("most often mistaken", "4 taken for 9, twice"),
        Detail("got", "[[4. 4.]\n [4. 0.]]"),
        Detail("printed", "one\n  two"),
    )
    assert [part.is_block for part in message.details] == [False, False, True, True]
    assert message.rest == ""


def test_another_text_keeps_its_lines():
    """A traceback has no labels; nothing of it is lost."""
    message = take_apart("pad raised ValueError\n  padding.py, line 3\n    return a +\n  x: 1")
    assert message.headline == "pad raised ValueError"
    assert message.details == ()
    assert message.rest == "padding.py, line 3\n  return a +\nx: 1"


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_word_of_a_message_is_lost(text):
    """Whatever a message is, its words are all on the page, in their order."""
    message = take_apart(text)
    labelled = "".join(f"{part.label}:{part.text}" for part in message.details)
    assert "".join((message.headline + labelled + message.rest).split()) == "".join(text.split())


def test_times_and_numbers_are_written_for_people():
    """A noun agrees with its number, and a time says its zone."""
    assert when("2026-11-24T08:58:00+00:00") == "24 November 2026, 08:58 UTC"
    assert [counted(n, "point") for n in (0, 1, 2.5)] == ["0 points", "1 point", "2.5 points"]
