"""A learner's own report in, files for the programs that run `grade EXERCISE` out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from typing import BinaryIO

from grader.model import Report
from grader.records import Attempt, Graded, Student
from grader.reports.document import document
from grader.reports.exports.whole import output
from grader.sandbox.inert import inert


def write(report: Report, source: str, files: Mapping[str, Path | None]) -> None:
    """A file for every format that names one. Raises UsageError."""
    result = of_report(report, source)
    for format, path in files.items():
        if path is not None:
            with output(path) as file:
                _write(format, result, file)


def of_report(report: Report, source: str) -> Graded:
    """Nobody's first attempt: `student` is empty where the report names none."""
    student = report.student or ""
    attempt = Attempt(student, report.exercise, 1, inert(source), digest="")
    return Graded(Student(student), attempt, document(report), report.score)


def _write(format: str, result: Graded, file: BinaryIO) -> None:
    match format:
        case "junit":
            from grader.reports.exports import junit

            junit.write([result], file)
        case "gradescope":
            from grader.reports.exports import gradescope

            gradescope.write(result, file)
        case "classroom50":
            from grader.reports.exports import classroom

            found = classroom.classroom50(result, environ, datetime.now(UTC))
            classroom.write_json(found, file)
        case "html":
            from grader.reports import student_report

            file.write(student_report.single(result.document).encode())
