"""A CSV file of which one cell is replaced stays as it was, byte for byte."""

import codecs
import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.exports.sheet import Sheet

MARKS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=("Cs",))
    | st.sampled_from('";,\t\r\n #é')
)
one_file_per_test = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def tables(draw):
    """Make a table in one of the ways in which platforms write CSV.

    Return its text, and what Python's csv module reads in it.
    """
    width = draw(st.integers(2, 5))
    cells = st.lists(TEXT, min_size=width, max_size=width)
    rows = [[f"column {n}" for n in range(width)], *draw(st.lists(cells, max_size=6))]
    delimiter = draw(st.sampled_from(",;\t"))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    stream = io.StringIO()
    writer = csv.writer(
        stream,
        delimiter=delimiter,
        quoting=quoting,
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
    )
    # Where it quotes only what it must, Python's writer forgets a lone \r.
    lost = "\r" if quoting == csv.QUOTE_MINIMAL else ""
    writer.writerows([cell.replace(lost, "") for cell in row] for row in rows)
    text = stream.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix("\n").removesuffix("\r")  # no newline at the end
    return text, list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def read(tmp_path, content: bytes) -> Sheet:
    path = tmp_path / "template.csv"
    path.write_bytes(content)
    return Sheet.read(path)


@one_file_per_test
@given(st.binary(max_size=300) | st.text('ab";,\r\n\té').map(str.encode))
def test_any_file_that_can_be_read_can_be_given_back(tmp_path, content):
    """Whatever its encoding, and however wrong its quotes."""
    try:
        sheet = read(tmp_path, content)
    except GraderError:
        return
    assert sheet.replaced({}) == content


@one_file_per_test
@given(tables(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le"]), st.data())
def test_one_cell_is_replaced_and_no_other_byte(tmp_path, table, encoding, data):
    """Quotes, delimiter, line ends, mark and encoding stay; so do all other cells."""
    text, _ = table
    mark = MARKS.get(encoding, b"")
    content = mark + text.encode(encoding.removesuffix("-sig"))
    sheet = read(tmp_path, content)
    row = data.draw(st.sampled_from(sheet.rows))
    cell = data.draw(st.sampled_from(row))
    after = sheet.replaced({cell: "87.5"})

    before, behind = sheet.text[: cell.start], sheet.text[cell.end :]
    assert after.startswith(before.encode(sheet.encoding))
    assert after.endswith(behind.encode(sheet.encoding))
    again = read(tmp_path, after)
    changed = [
        (old.value, new.value)
        for old_row, new_row in zip(sheet.rows, again.rows, strict=True)
        for old, new in zip(old_row, new_row, strict=True)
        if old.value != new.value
    ]
    assert changed == [(cell.value, "87.5")]


@one_file_per_test
@given(tables())
def test_cells_are_those_that_pythons_csv_module_reads(tmp_path, table):
    """Line breaks and doubled quotes in a cell included."""
    text, rows = table
    sheet = read(tmp_path, text.encode())

    assert [[cell.value for cell in row] for row in sheet.rows] == [
        row for row in rows if "".join(row).strip()
    ]


@pytest.mark.parametrize(
    "text",
    ['a,b\n"x"y,1\n', 'a,b\nx"y,1\n', 'a,b\nx,"never closed\n1,2\n', 'a,b\n"a""b","c,d"\r\n'],
)
def test_strange_quotes_are_read_as_pythons_csv_module_does(tmp_path, text):
    """It follows what spreadsheets do."""
    expected = list(csv.reader(io.StringIO(text, newline="")))

    assert [[c.value for c in row] for row in read(tmp_path, text.encode()).rows] == expected


def test_the_delimiter_is_the_one_that_makes_a_table(tmp_path):
    """Commas within the cells of a semicolon file do not count, nor the other way round."""
    semicolons = read(tmp_path, b"a, b, c;1\nd, e;2\n")
    commas = read(tmp_path, b"a;b;c,1\nd;e,2\n")

    assert semicolons.header == ["a, b, c", "1"]
    assert commas.header == ["a;b;c", "1"]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found_out(tmp_path, encoding, expected):
    """Names with umlauts are read in each of them."""
    sheet = read(tmp_path, "Name,Note\nJürgen Groß,1\n".encode(encoding))

    assert sheet.encoding == expected
    assert sheet.rows[1][0].value == "Jürgen Groß"
    assert sheet.header == ["Name", "Note"]


def test_a_byte_that_no_encoding_knows_is_kept(tmp_path):
    """It only cannot be part of a name."""
    content = b"Name,Note\n\x81\xfc,1\n"

    assert read(tmp_path, content).replaced({}) == content


@pytest.mark.parametrize("content", [b"", b"\n\n", b"only one column\n1\n", b"\xef\xbb\xbf"])
def test_what_is_no_table_is_an_error(tmp_path, content):
    """The sentence says what to do."""
    with pytest.raises(GraderError, match=r"template\.csv is no table in CSV; export it again"):
        read(tmp_path, content)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    """The sentence names it."""
    with pytest.raises(GraderError, match=r"cannot read .*none\.csv \(No such file"):
        Sheet.read(tmp_path / "none.csv")
