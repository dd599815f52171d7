"""Cells are read as the csv module reads them; what is not set stays, to the byte."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.model import UsageError
from grader.reports.exports import sheet

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ['"', '""', 'a"b', ",", ";", "\r\n", "\n", " ", "=1", '="a"', "홍길동", "\ufeff"]
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=5)
)


def written(table: list[list[str]], end: str = "\r\n", delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=end, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows(table)
    return file.getvalue().encode()


def values(found: sheet.Sheet) -> list[list[str]]:
    return [[found.value(r, c) for c in range(len(row))] for r, row in enumerate(found.rows)]


@given(TABLES, st.sampled_from(["\r\n", "\n"]), st.booleans())
def test_what_the_csv_module_writes_is_read_and_written_as_it_was(
    table: list[list[str]], end: str, last: bool
) -> None:
    data = written(table, end)
    data = data if last else data.removesuffix(end.encode())
    found = sheet.parse(data, "x.csv")
    assert values(found) == table
    assert found.encode() == data


@given(TABLES, st.data())
def test_a_set_cell_reads_back_and_no_other_changes(
    table: list[list[str]], data: st.DataObject
) -> None:
    found = sheet.parse(written(table), "x.csv")
    row = data.draw(st.integers(0, len(table) - 1))
    column = data.draw(st.integers(0, len(table[0]) - 1))
    text = data.draw(TEXT.filter(lambda text: "\ufeff" not in text))
    found.set(row, column, text)
    again = list(csv.reader(io.StringIO(found.encode().decode(), newline=""), strict=True))
    table[row][column] = text
    # The csv module reads a line that holds nothing as no cell at all.
    assert [cells or [""] for cells in again] == table


def test_quotes_are_kept_where_they_were_and_where_they_were_not() -> None:
    data = b'"Student",ID,Section\r\n"a",1,"x;y"\nb "c" d,2,\r\n'
    found = sheet.parse(data, "x.csv")
    assert values(found)[1:] == [["a", "1", "x;y"], ['b "c" d', "2", ""]]
    found.set(1, 1, "7.50")
    assert found.encode() == data.replace(b'"a",1', b'"a",7.50')


def test_semicolons_a_mark_and_bytes_that_are_no_utf8() -> None:
    data = b"\xef\xbb\xbfStudent;ID;Section\r\nM\xfcller;1;a,b\r\n"
    found = sheet.parse(data, "x.csv")
    assert found.header == ["Student", "ID", "Section"]
    assert found.encode() == data


def test_semicolons_in_a_title_do_not_make_them_the_delimiter() -> None:
    found = sheet.parse(b'a,b,"c;d;e;f;g"\n', "x.csv")
    assert found.header == ["a", "b", "c;d;e;f;g"]


def test_a_short_row_is_filled_up() -> None:
    found = sheet.parse(b"a,b,c\n1\n", "x.csv")
    found.set(1, 2, "7.50")
    assert found.encode() == b"a,b,c\n1,,7.50\n"


def test_an_empty_file_has_no_header() -> None:
    assert sheet.parse(b"", "x.csv").header == []


def test_a_quote_that_is_never_closed_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError) as caught:
        sheet.parse(b'a,b\n1,"2\n3,4\n', "x.csv")
    assert caught.value.message.id == "export.broken-csv"
    assert caught.value.message.params["line"] == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        sheet.read(tmp_path / "no.csv")
    assert caught.value.message.id == "export.unreadable"
