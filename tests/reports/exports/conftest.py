"""A small class with names that have broken other people's files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.model import CheckResult, Evidence, Message, Report
from grader.records import Attempt, Graded, Student
from grader.reports import document as documents

SCHEMA = json.loads(Path(documents.__file__).with_name("result.schema.json").read_text())
MORNING = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

NAMES = (
    '=HYPERLINK("http://x","y")',
    "+1",
    "@x",
    "-2+3",
    'O\'Hara, "Bo"',
    "a;b;c",
    "two\nlines\r\nthree",
    "홍길동",
    "👩🏽‍🔬 Ada",
    "שָׁלוֹם \u202egnp.exe",
    "NUL\x00 and \x1b[31m",
    "half \ud83d surrogate",
    "x" * 20_000,
    "<script>alert(1)</script> & co ]]>",
    "Points Possible",
    "Manual Posting",
    "   ",
    "|pipe",
)


def made(
    points: tuple[float, ...] = (4.0, 6.0),
    exercise: str = "exercise-1",
    *,
    student: str | None = None,
    said: str = "",
    status: str = "",
    skipped: bool = False,
) -> dict[str, Any]:
    """A result document: two checks of 4 and 6 points, of which `points` were earned."""
    checks = []
    for number, (earned, most) in enumerate(zip(points, (4.0, 6.0), strict=True), 1):
        right = earned == most
        checks.append(
            CheckResult(
                f"check-{number}",
                f"σ′(x): part {number}",
                earned,
                most,
                "passed" if right else "skipped" if skipped else "failed",
                Message("check.passed")
                if right
                else Message("outcome.raised", {"type": "ValueError", "message": said or "no"}),
                "returned" if right else "raised",
                None if right else "derivative-of-output",
                None if right else Evidence(f"sigmoid({said!r})", 0.25, 0.5, (0, "w1"), 0.25, 1e-9),
            )
        )
    all_right = all(check.status == "passed" for check in checks)
    report = Report(
        exercise,
        "The sigmoid, and its derivative",
        tuple(checks),
        status or ("passed" if all_right else "failed"),
        said,
        0,
        ("landlock", "seccomp"),
        {"grade": "0.1.0", "numpy": "2.4.6"},
        0.1234,
        student,
    )
    document = documents.document(report)
    jsonschema.validate(document, SCHEMA)
    return document


def graded(
    student: Student | str,
    document: Mapping[str, Any] | None = None,
    *,
    score: float | None = None,
    number: int = 1,
    counts: bool = True,
    submitted: datetime | None = MORNING,
    late: bool | None = False,
) -> Graded:
    someone = Student(student, f"Name {student}") if isinstance(student, str) else student
    document = {**(document or made()), "student": someone.id}
    attempt = Attempt(someone.id, document["exercise"], number, "a.py", "d" * 64, submitted, late)
    score = document["score"] if score is None else score
    return Graded(someone, attempt, document, score, counts)


@pytest.fixture
def hostile() -> list[Graded]:
    """Everybody has an id that is fine and a name that is not; what they hand in prints it."""
    return [
        graded(
            Student(f"s{number:02}", name, f"s{number:02}@example.org", {"Section": name}),
            made((2.5, 6.0), said=name[:200]),
        )
        for number, name in enumerate(NAMES)
    ]


def renamed(result: Graded, **changes: Any) -> Graded:
    return replace(result, student=replace(result.student, **changes))


def assert_harmless(data: bytes, delimiter: str = ",") -> list[list[str]]:
    """The rows of a CSV file in which no cell is a formula, nor moves a cursor."""
    text = data.decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert len({len(row) for row in rows}) == 1
    for value in (value for row in rows for value in row):
        formula = value.lstrip().startswith(("=", "+", "-", "@", "|", "%", "\t", "\r"))
        assert not formula or value == "-" or value.lstrip("+-").isdecimal(), value
        assert value.isprintable(), value
    return rows
