"""Parquet: one row an attempt, its checks nested in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from grader.records import Graded
from grader.reports.exports.text import encodable

_ROWS = 2000
"""In memory at a time."""

_CHECK = pa.struct(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("points", pa.float64()),
        ("max_points", pa.float64()),
        ("status", pa.string()),
        ("outcome", pa.string()),
        ("message", pa.string()),
        ("feedback", pa.string()),
        ("misconception", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        pa.field("student", pa.string(), nullable=False),
        ("name", pa.string()),
        ("email", pa.string()),
        ("columns", pa.map_(pa.string(), pa.string())),
        pa.field("exercise", pa.string(), nullable=False),
        ("title", pa.string()),
        ("attempt", pa.int32()),
        ("counts", pa.bool_()),
        ("submitted", pa.timestamp("us", tz="UTC")),
        ("late", pa.bool_()),
        ("status", pa.string()),
        ("score", pa.float64()),
        ("score_before_penalties", pa.float64()),
        ("max_score", pa.float64()),
        ("seed", pa.int64()),
        ("seconds", pa.float64()),
        ("isolation", pa.list_(pa.string())),
        ("versions", pa.map_(pa.string(), pa.string())),
        ("source", pa.string()),
        ("digest", pa.string()),
        ("checks", pa.list_(_CHECK)),
    ]
)


def write(graded: Iterable[Graded], file: BinaryIO) -> None:
    """The table, a group of rows after the other."""
    remaining = iter(graded)
    # pyarrow writes from threads of its own and closes what it is given.
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), SCHEMA, compression="zstd") as writer:
        while batch := [_row(result) for result in islice(remaining, _ROWS)]:
            writer.write_table(pa.Table.from_pylist(batch, schema=SCHEMA))


def _row(result: Graded) -> dict[str, Any]:
    student, attempt, document = result.student, result.attempt, result.document
    row = {
        "student": student.id,
        "name": student.name,
        "email": student.email,
        "columns": list(student.columns.items()),
        "exercise": attempt.exercise,
        "title": document["title"],
        "attempt": attempt.number,
        "counts": result.counts,
        "submitted": attempt.submitted,
        "late": attempt.late,
        "status": document["status"],
        "score": result.score,
        "score_before_penalties": document["score"],
        "max_score": document["max_score"],
        "seed": document["seed"],
        "seconds": document["seconds"],
        "isolation": document["isolation"],
        "versions": list(document["versions"].items()),
        "source": attempt.source,
        "digest": attempt.digest,
        "checks": [
            {**{name.name: check[name.name] for name in _CHECK}, "message": check["message"]["id"]}
            for check in document["checks"]
        ],
    }
    return {name: _encodable(value) for name, value in row.items()}


def _encodable(value: Any) -> Any:
    match value:
        case str():
            return encodable(value)
        case list():
            return [_encodable(item) for item in value]
        case tuple():
            return tuple(_encodable(item) for item in value)
        case dict():
            return {name: _encodable(item) for name, item in value.items()}
        case _:
            return value
