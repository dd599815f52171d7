"""The result document: a report in, the JSON of `grade/result/v1` out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from grader.model import CheckResult, Evidence, Message, Report
from grader.reports.words import render

SCHEMA = "grade/result/v1"


def document(report: Report, language: str = "en") -> dict[str, Any]:
    """The document as plain data that `json.dumps(..., allow_nan=False)` takes; its schema
    is result.schema.json beside this module."""
    return {
        "schema": SCHEMA,
        "exercise": report.exercise,
        "title": report.title,
        "student": report.student,
        "score": report.score,
        "max_score": report.max_score,
        "status": report.status,
        "checks": [_check(check, language) for check in report.checks],
        "stdout": report.stdout,
        "seed": report.seed,
        "isolation": list(report.isolation),
        "versions": dict(report.versions),
        "seconds": report.seconds,
    }


def _check(check: CheckResult, language: str) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": check.title,
        "points": check.points,
        "max_points": check.max_points,
        "status": check.status,
        "feedback": render(check.message, language),
        "message": _message(check.message),
        "misconception": check.misconception,
        "evidence": _evidence(check.evidence) if check.evidence else None,
        "outcome": check.outcome,
    }


def _message(message: Message) -> dict[str, Any]:
    return {"id": message.id, "params": {k: _plain(v) for k, v in message.params.items()}}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "call": evidence.call,
        "at": list(evidence.at),
        "expected": _plain(evidence.expected),
        "got": _plain(evidence.got),
        "error": _plain(evidence.error),
        "tolerance": _plain(evidence.tolerance),
    }


def _plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: they become the strings "nan", "inf" and "-inf"."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case Message():
            return _message(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case _:
            return value
