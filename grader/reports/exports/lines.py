"""JSON lines: one result document a line."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from typing import BinaryIO

from grader.records import Graded
from grader.reports.exports.text import encodable


def write(graded: Iterable[Graded], file: BinaryIO) -> None:
    """Every document with `student` filled in, in UTF-8."""
    for result in graded:
        document = {**result.document, "student": result.student.id}
        line = dumps(document, ensure_ascii=False, allow_nan=False)
        file.write(f"{encodable(line)}\n".encode())
