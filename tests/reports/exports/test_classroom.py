"""Classroom 50's result.json by its schemas/result-v1.schema.json and the checks of its
runner, and GitHub Classroom's by what the reporter does with it."""

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from grader.model import UsageError
from grader.records import Graded
from grader.reports.exports import classroom

from .conftest import graded, made

ENVIRONMENT = {
    "CLASSROOM": "cs50",
    "ASSIGNMENT": "exercise-1",
    "SUBMISSION_TAG": "submit/2026-03-01T09-30-00Z-abc1234",
    "COMMIT_URL": "https://github.com/o/r/commit/abc",
    "RELEASE_URL": "https://github.com/o/r/releases/tag/submit",
    "OWNER": "ada",
    "ASSIGNMENT_TYPE": "individual",
}
_TEXT = {"type": "string", "minLength": 1}
_POINTS = {"type": "integer", "minimum": 0}
RULES = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit",
        "release", "review", "datetime", "score", "max-score", "tests",
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": _TEXT,
        "assignment": _TEXT,
        "assignment_type": {"enum": ["individual", "group"]},
        "owner": _TEXT,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": _TEXT,
        "release": _TEXT,
        "review": _TEXT,
        "datetime": {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$",
        },
        "score": _POINTS,
        "max-score": _POINTS,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": _TEXT,
                    "passed": {"type": "boolean"},
                    "score": _POINTS,
                    "max-score": _POINTS,
                },
            },
        },
    },
}  # fmt: skip
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def written(document: Any) -> dict[str, Any]:
    file = io.BytesIO()
    classroom.write_json(document, file)
    read: dict[str, Any] = json.loads(file.getvalue().decode("utf-8"))
    return read


def of_classroom50(result: Graded, environment: dict[str, str] = ENVIRONMENT) -> dict[str, Any]:
    document = written(classroom.classroom50(result, environment, NOW))
    assert document["score"] <= document["max-score"]
    assert all(test["score"] <= test["max-score"] for test in document["tests"])
    return document


def test_classroom50_counts_hundredths_of_a_point() -> None:
    document = of_classroom50(graded("a", made((1.33, 6.0))))
    jsonschema.validate(document, RULES)
    assert (document["score"], document["max-score"]) == (733, 1000)
    assert [t["score"] for t in document["tests"]] == [133, 600]
    assert [t["passed"] for t in document["tests"]] == [False, True]
    assert document["review"] == ENVIRONMENT["COMMIT_URL"]
    assert document["datetime"] == "2026-03-01T09:30:00Z"


def test_what_was_not_run_and_is_worth_nothing_is_no_failed_test() -> None:
    result = graded("a", made((0.0, 6.0), skipped=True))
    first, second = result.document["checks"]
    free = {**result.document, "checks": [{**first, "max_points": 0.0}, second]}
    result = replace(result, document=free)
    assert [t["passed"] for t in of_classroom50(result)["tests"]] == [True]
    assert [t["status"] for t in classroom.github(result)["tests"]] == ["pass"]


def test_classroom50_after_penalties_and_without_a_date() -> None:
    document = of_classroom50(graded("a", score=7.777, submitted=None))
    assert (document["score"], document["datetime"]) == (778, "2026-03-02T00:00:00Z")


def test_what_the_runner_stamps_is_left_to_it_where_it_says_nothing() -> None:
    environment = {n: v for n, v in ENVIRONMENT.items() if n not in ("OWNER", "ASSIGNMENT_TYPE")}
    document = of_classroom50(graded("a"), environment)
    assert "owner" not in document and "assignment_type" not in document
    stamped = {**document, "owner": "ada", "assignment_type": "individual"}
    jsonschema.validate(stamped, RULES)


def test_outside_of_its_runner_it_says_what_is_missing() -> None:
    with pytest.raises(UsageError) as caught:
        classroom.classroom50(graded("a"), {**ENVIRONMENT, "COMMIT_URL": ""}, NOW)
    assert caught.value.message.params["names"] == ["COMMIT_URL"]


def reported(environment: dict[str, str], runners: str = "grade") -> tuple[float, float, str]:
    """Points, full points and outcome, as the reporter works them out."""
    found = []
    for runner in runners.split(","):
        encoded = environment[f"{runner.strip().upper()}_RESULTS"]
        found.append(json.loads(base64.b64decode(encoded, validate=True).decode("utf-8")))
    most = sum(results["max_score"] for results in found if results.get("max_score"))
    total = sum(test["score"] for results in found for test in results["tests"])
    statuses = {results["status"] for results in found}
    assert statuses <= {"pass", "fail", "error"}
    for test in (test for results in found for test in results["tests"]):
        assert test["status"] in ("pass", "fail") and isinstance(test["name"], str)
        assert (test["status"] == "pass") or test["message"]
    outcome = next((s for s in ("fail", "error") if s in statuses), "pass")
    return total, most, outcome


def variable(result: Graded) -> dict[str, str]:
    file = io.BytesIO()
    classroom.write_variable(classroom.github(result), file)
    name, _, value = file.getvalue().decode("ascii").removesuffix("\n").partition("=")
    assert "\n" not in value
    return {name: value}


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (graded("a"), (10.0, 10.0, "pass")),
        (graded("a", made((1.5, 6.0))), (7.5, 10.0, "fail")),
        (graded("a", score=8.0), (8.0, 10.0, "pass")),
        (graded("a", made((0.0, 0.0), status="error")), (0.0, 10.0, "error")),
        (graded("a", made((0.0, 6.0), skipped=True)), (6.0, 10.0, "fail")),
    ],
)
def test_the_reporter_adds_up_what_counts(
    result: Graded, expected: tuple[float, float, str]
) -> None:
    assert reported(variable(result)) == expected


def test_text_of_every_kind(hostile: list[Graded]) -> None:
    for result in hostile:
        assert reported(variable(result)) == (8.5, 10.0, "fail")
        assert written(classroom.github(result)) == json.loads(
            base64.b64decode(variable(result)["GRADE_RESULTS"])
        )
        jsonschema.validate(of_classroom50(result), RULES)
