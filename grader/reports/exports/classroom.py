"""Classroom 50's result.json, and what GitHub Classroom's grading reporter reads.

https://github.com/foundation50/classroom50/wiki/Advanced-Autograding (classroom50/result/v1)
https://github.com/github-education-resources/autograding-grading-reporter
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any, BinaryIO

from grader.model import Message, UsageError
from grader.records import Graded
from grader.reports.exports.text import encodable, explanation, one_line, scored
from grader.reports.words import catalogue

HUNDREDTHS = 100
"""Classroom 50 takes whole numbers; points have two decimals. The factor is always the same,
so that the full score of an exercise does not depend on who solved it."""

_ENVIRONMENT = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}
"""What the runner tells its autograder; the rest it stamps itself."""


def classroom50(result: Graded, environment: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The document; `environment` is that of Classroom 50's runner.

    Raises UsageError where a variable of it is missing.
    """
    missing = [name for name in _ENVIRONMENT.values() if not environment.get(name)]
    if missing:
        raise UsageError(Message("export.not-classroom50", {"names": missing}))
    when = (result.attempt.submitted or now).astimezone(UTC)
    found = {
        "schema": "classroom50/result/v1",
        **{field: environment[name] for field, name in _ENVIRONMENT.items()},
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": _whole(result.score),
        "max-score": _whole(result.document["max_score"]),
        "tests": [_test(check) for check in scored(result.document)],
    }
    # Newer runners hand these on; older ones stamp them, whatever is there.
    for field, name in (("owner", "OWNER"), ("assignment_type", "ASSIGNMENT_TYPE")):
        if environment.get(name):
            found[field] = environment[name]
    return found


def _test(check: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "test-name": one_line(check["title"]),
        "passed": check["status"] == "passed",
        "score": _whole(check["points"]),
        "max-score": _whole(check["max_points"]),
        "message": explanation(check),
    }


def _whole(points: float) -> int:
    return round(points * HUNDREDTHS)


def github(result: Graded) -> dict[str, Any]:
    """The document of a test runner named `grade`."""
    document = result.document
    tests = [_row(check) for check in scored(document)]
    if round(result.score, 2) != round(document["score"], 2):
        # The reporter adds up what the tests got; this makes it what counts.
        name = catalogue()["export.penalty"]
        lost = round(result.score - document["score"], 2)
        tests.append({"name": name, "status": "fail", "message": name, "score": lost})
    statuses = {"passed": "pass", "failed": "fail", "error": "error"}
    return {
        "version": 3,
        "status": statuses[document["status"]],
        "max_score": round(document["max_score"], 2),
        "tests": tests,
    }


def _row(check: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": one_line(check["title"]),
        "status": "pass" if check["status"] == "passed" else "fail",
        "message": "" if check["status"] == "passed" else explanation(check),
        "score": round(check["points"], 2),  # a test without one makes the sum NaN
    }


def write_json(document: Mapping[str, Any], file: BinaryIO) -> None:
    file.write(encodable(dumps(document, ensure_ascii=False, indent=2)).encode() + b"\n")


def write_variable(document: Mapping[str, Any], file: BinaryIO) -> None:
    """`GRADE_RESULTS=...`, a line for $GITHUB_ENV: the reporter's `runners` is then `grade`."""
    json = encodable(dumps(document, ensure_ascii=False))
    file.write(b"GRADE_RESULTS=" + base64.b64encode(json.encode()) + b"\n")
