"""Plain CSV: a row for every student, or a row for every attempt."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, BinaryIO

from grader.records import Graded, Student
from grader.reports.exports.text import cell

Percent = Callable[[Mapping[str, tuple[float, float]]], float]
"""Of (score, of how many) by exercise."""
LONG = (
    "student", "name", "email", "exercise", "attempt", "counts", "submitted", "late", "status",
    "score", "score_before_penalties", "max_score", "checks_passed", "checks", "misconceptions",
    "source", "digest",
)  # fmt: skip


@contextmanager
def rows(file: BinaryIO, delimiter: str = ",") -> Iterator[Any]:
    """A writer of CSV as RFC 4180 has it, in UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        yield csv.writer(text, delimiter=delimiter)
    finally:
        text.detach()


def write_long(graded: Iterable[Graded], file: BinaryIO) -> None:
    """One row an attempt."""
    with rows(file) as table:
        table.writerow(LONG)
        for result in graded:
            table.writerow(_attempt(result))


def _attempt(result: Graded) -> list[str]:
    student, attempt, document = result.student, result.attempt, result.document
    checks = document["checks"]
    named = [check["misconception"] for check in checks if check["misconception"]]
    return [
        cell(student.id),
        cell(student.name),
        cell(student.email),
        attempt.exercise,
        str(attempt.number),
        _yes(result.counts),
        attempt.submitted.isoformat() if attempt.submitted else "",
        _yes(attempt.late),
        document["status"],
        number(result.score),
        number(document["score"]),
        number(document["max_score"]),
        str(sum(check["status"] == "passed" for check in checks)),
        str(len(checks)),
        cell(" ".join(dict.fromkeys(named))),
        cell(attempt.source),
        attempt.digest,
    ]


def write_wide(
    graded: Iterable[Graded],
    students: Iterable[Student],
    exercises: Sequence[str],
    file: BinaryIO,
    percent: Percent | None = None,
    failed: Collection[str] = (),
) -> None:
    """One row a student: the attempts that count, and an empty cell where there is none.

    `students` are all of the class; those with no attempt come last, with no total. `percent`
    is what a student has of all points so far (see `course.share`). `failed` has, as `graded`
    comes, who lacks a score that the grader owes them: they have no total either.
    """
    with rows(file) as table:
        weighed = ["percent"] if percent else []
        table.writerow(["student", "name", "email", *exercises, "total", *weighed])
        seen = set()
        for student, scores in by_student(graded):
            seen.add(student.id)
            shown = [number(scores[e].score) if e in scores else "" for e in exercises]
            total = sum(scores[e].score for e in exercises if e in scores)
            totals = [total]
            if percent:
                most = {e: (r.score, r.document["max_score"]) for e, r in scores.items()}
                totals.append(percent(most))
            owed = student.id in failed
            sums = ["" if owed else number(value) for value in totals]
            table.writerow([*_who(student), *shown, *sums])
        for student in students:
            if student.id not in seen:
                table.writerow([*_who(student), *[""] * (len(exercises) + 1 + len(weighed))])


def by_student(graded: Iterable[Graded]) -> Iterator[tuple[Student, dict[str, Graded]]]:
    """Each student's attempts that count, by exercise; `graded` has a student's together."""
    for _, results in groupby(graded, key=lambda result: result.student.id):
        found = list(results)
        yield found[0].student, {r.attempt.exercise: r for r in found if r.counts}


def _who(student: Student) -> list[str]:
    return [cell(student.id), cell(student.name), cell(student.email)]


def number(value: float) -> str:
    """As short as it is exact: 7.5, 7, 7.333333."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".")


def _yes(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
