"""CSV, Parquet and JSON lines, read back by the csv module, pyarrow and json."""

import io
import json
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

import jsonschema
import pyarrow.parquet as pq
import pytest

from grader.course import Course, Policy, share
from grader.records import Graded, Student
from grader.reports.exports import junit, lines, parquet, table
from grader.reports.exports.text import cell

from .conftest import NAMES, SCHEMA, assert_harmless, graded, made


def bytes_of(write: Any, *arguments: Any) -> bytes:
    file = io.BytesIO()
    write(*arguments, file)
    assert not file.closed
    return file.getvalue()


# --- CSV ----------------------------------------------------------------------------------------


def test_wide_has_a_row_for_every_student_and_all_names_in_it(hostile: list[Graded]) -> None:
    header, *rows = assert_harmless(bytes_of(table.write_wide, hostile, [], ["exercise-1"]))
    assert header == ["student", "name", "email", "exercise-1", "total"]
    assert [row[0] for row in rows] == [result.student.id for result in hostile]
    assert [row[1] for row in rows] == [cell(name) for name in NAMES]
    assert all(row[3:] == ["8.5", "8.5"] for row in rows)


def test_wide_shows_what_counts_and_who_handed_in_nothing() -> None:
    results = [
        graded("a", made((0.0, 0.0)), counts=False),
        graded("a", number=2),
        graded("a", made((1.5, 6.0), "exercise-10"), score=7.3333333333),
        graded("b", made((1.5, 0.0), "exercise-10")),
    ]
    people = [Student("a", "Name a"), Student("b", "Name b"), Student("=c", "None")]
    data = bytes_of(table.write_wide, results, people, ["exercise-1", "exercise-10"])
    assert data.decode() == (
        "student,name,email,exercise-1,exercise-10,total\r\n"
        "a,Name a,,10,7.333333,17.333333\r\n"
        "b,Name b,,,1.5,1.5\r\n"
        "'=c,None,,,,\r\n"
    )


def test_wide_weighs_as_the_course_does() -> None:
    weights = Course({"exercise-1": Policy(weight=3), "exercise-2": Policy()}).weights(
        ["exercise-1", "exercise-2"]
    )

    def percent(scores: Mapping[str, tuple[float, float]]) -> float:
        return 100 * share(scores, weights)

    data = bytes_of(
        lambda file: table.write_wide(
            [graded("a", made((1.5, 6.0)))], [Student("b")], ["exercise-1"], file, percent
        )
    )
    assert data.decode() == (
        "student,name,email,exercise-1,total,percent\r\na,Name a,,7.5,7.5,56.25\r\nb,,,,,\r\n"
    )


def test_long_has_a_row_for_every_attempt(hostile: list[Graded]) -> None:
    header, *rows = assert_harmless(bytes_of(table.write_long, hostile))
    assert len(rows) == len(NAMES)
    row = dict(zip(header, rows[0], strict=True))
    assert row["score"] == row["score_before_penalties"] == "8.5"
    assert (row["checks_passed"], row["checks"]) == ("1", "2")
    assert row["misconceptions"] == "derivative-of-output"


def test_long_in_full() -> None:
    seoul = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    first = graded("a", counts=False, submitted=seoul, late=True)
    second = graded("a", number=2, score=9.0, submitted=None, late=None)
    digest = "d" * 64
    assert bytes_of(table.write_long, [first, second]).decode() == (
        "student,name,email,exercise,attempt,counts,submitted,late,status,score,"
        "score_before_penalties,max_score,checks_passed,checks,misconceptions,source,digest\r\n"
        "a,Name a,,exercise-1,1,no,2026-03-01T18:30:00+09:00,yes,passed,10,10,10,2,2,,a.py,"
        f"{digest}\r\n"
        f"a,Name a,,exercise-1,2,yes,,,passed,9,10,10,2,2,,a.py,{digest}\r\n"
    )


# --- Parquet ------------------------------------------------------------------------------------


def test_parquet_reads_back_whole(hostile: list[Graded]) -> None:
    read = pq.read_table(io.BytesIO(bytes_of(parquet.write, hostile)))
    assert read.schema.equals(parquet.SCHEMA)
    for row, result in zip(read.to_pylist(), hostile, strict=True):
        # Nothing is changed for a spreadsheet's sake; only half a character becomes whole.
        assert row["name"] == result.student.name.replace("\ud83d", "\ufffd")
        assert row["submitted"] == result.attempt.submitted
        assert (row["score"], row["max_score"], row["attempt"]) == (8.5, 10.0, 1)
        assert dict(row["versions"]) == result.document["versions"]
        assert [check["points"] for check in row["checks"]] == [2.5, 6.0]
        assert row["checks"][0]["misconception"] == "derivative-of-output"
        assert row["checks"][0]["message"] == "outcome.raised"
        assert row["checks"][1]["misconception"] is None


def test_parquet_of_nobody_has_the_same_columns() -> None:
    read = pq.read_table(io.BytesIO(bytes_of(parquet.write, [])))
    assert read.num_rows == 0 and read.schema.equals(parquet.SCHEMA)


def test_parquet_keeps_instants_whatever_their_zone() -> None:
    seoul = datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=9)))
    results = [graded("a", submitted=seoul), graded("b", submitted=None, late=None)]
    rows = pq.read_table(io.BytesIO(bytes_of(parquet.write, results))).to_pylist()
    assert rows[0]["submitted"] == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert rows[1]["submitted"] is None and rows[1]["late"] is None


# --- JSON lines ---------------------------------------------------------------------------------


def test_a_line_is_a_result_document(hostile: list[Graded]) -> None:
    read = bytes_of(lines.write, hostile).decode("utf-8").removesuffix("\n").split("\n")
    for line, result in zip(read, hostile, strict=True):
        document = json.loads(line)
        jsonschema.validate(document, SCHEMA)
        assert document["student"] == result.student.id
        whole = json.dumps(result.document, ensure_ascii=False).replace("\ud83d", "\ufffd")
        assert document == json.loads(whole)


def test_the_student_is_filled_in_where_the_document_names_none() -> None:
    result = graded("a")
    nobody = replace(result, document={**result.document, "student": None})
    assert json.loads(bytes_of(lines.write, [nobody]))["student"] == "a"


# --- how much is kept ---------------------------------------------------------------------------


class Counter(io.RawIOBase):
    """A file that keeps nothing."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        return len(data)


def many(number: int) -> Iterator[Graded]:
    """Results that nobody else holds."""
    document = made((2.5, 6.0), said="x" * 2000)
    for n in range(number):
        text = f"{n} {document['stdout']}"
        yield graded(f"s{n:06}", {**document, "stdout": text})


def wide(graded: Iterator[Graded], file: BinaryIO) -> None:
    table.write_wide(graded, [], ["exercise-1"], file)


@pytest.mark.parametrize("write", [lines.write, table.write_long, wide, junit.write])
def test_what_is_written_is_not_kept(write: Any) -> None:
    """Ten times as many results take about as much memory: a set of ids grows, documents do not."""

    def peak(number: int) -> int:
        tracemalloc.start()
        write(many(number), Counter())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)  # what is imported and cached the first time
    assert peak(3000) - peak(300) < 2700 * 400
