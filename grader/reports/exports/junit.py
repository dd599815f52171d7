"""JUnit XML: a test suite for every result, a test case for every check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from junitparser import Error, Failure, Skipped, TestCase, TestSuite

from grader.records import Graded
from grader.reports.exports.text import earned, explanation, one_line, points


def write(graded: Iterable[Graded], file: BinaryIO) -> None:
    """What the xUnit plug-in of Jenkins, GitLab and others read. Text is inert: XML holds no
    control characters, escaped or not."""
    file.write(b"<?xml version='1.0' encoding='utf-8'?>\n<testsuites name=\"grade\">\n")
    for result in graded:
        file.write(_suite(result).tostring() + b"\n")
    file.write(b"</testsuites>\n")


def _suite(result: Graded) -> TestSuite:
    document = result.document
    exercise = document["exercise"]
    who = one_line(result.student.id)
    suite = TestSuite(f"{exercise} {who}".strip())
    place = f"{exercise}.{who}" if who else exercise
    for check in document["checks"]:
        case = TestCase(one_line(check["title"]), classname=place)
        found = _found(check, document["status"])
        if found is not None:
            case.result = [found]
        suite.add_testcase(case)
    for name, value in _properties(result).items():
        suite.add_property(name, value)
    suite.time = round(document["seconds"], 3)
    if result.attempt.submitted:
        suite.timestamp = result.attempt.submitted.isoformat()
    return suite


def _properties(result: Graded) -> dict[str, str]:
    document = result.document
    found = {
        "score": points(result.score),
        "max_score": points(document["max_score"]),
        "seed": str(document["seed"]),
    }
    if result.student.name:
        found["student"] = one_line(result.student.name)
    return found


def _found(check: Any, status: str) -> Error | Failure | Skipped | None:
    text = explanation(check)
    message = text.split("\n")[0]
    if check["status"] == "skipped":
        found: Error | Failure | Skipped = Skipped(message, check["message"]["id"])
    elif check["status"] == "passed":
        return None
    elif status == "error":
        found = Error(message, check["message"]["id"])
    else:
        found = Failure(message, check["misconception"] or check["message"]["id"])
    found.text = f"{earned(check)}\n{text}"
    return found
