"""Text that only shows: on a terminal, in a spreadsheet, in JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inert import csv_cell, inert


@given(st.text() | st.text(st.characters(categories=["C", "Z"])))
def test_nothing_is_left_that_acts(text: str) -> None:
    shown = inert(text)
    assert all(c.isprintable() or c in "\n\t" or c.isspace() for c in shown)
    assert not {*"\x1b\r\x07\x9b\u202e\u2066\u200f\u2028\ufeff"} & {*shown}
    shown.encode()
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "%0A=1", "|x", "＝1",
     "\n=HYPERLINK(1)", "\x00=1"],
)  # fmt: skip
def test_a_formula_is_text(text: str) -> None:
    cell = csv_cell(text)
    # \r and NUL are spelt out by now, so nothing of them comes first in the cell.
    assert cell.startswith(("'", "\\x"))
    buffer = io.StringIO()
    csv.writer(buffer).writerow([cell])
    assert next(csv.reader(io.StringIO(buffer.getvalue()))) == [cell]


@pytest.mark.parametrize("text", ["3.5", "-3.5", "+1e-7", "kim", "김철수", "a=b", ""])
def test_what_is_none_stays(text: str) -> None:
    assert csv_cell(text) == text
