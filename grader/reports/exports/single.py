"""A learner's own report in, the one result that writers take out."""

from __future__ import annotations

from grader.model import Report
from grader.records import Attempt, Graded, Student
from grader.reports.document import document
from grader.sandbox.inert import inert


def of_report(report: Report, path: str) -> Graded:
    """Nobody's first attempt: `student` is empty where the report names none."""
    student = report.student or ""
    attempt = Attempt(student, report.exercise, 1, inert(path), digest="")
    return Graded(Student(student), attempt, document(report), report.score)
