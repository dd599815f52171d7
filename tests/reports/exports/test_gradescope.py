"""results.json by https://gradescope-autograders.readthedocs.io/en/latest/specs/."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.course import hide
from grader.records import Graded, Student
from grader.reports.exports import gradescope

from .conftest import NAMES, graded, made

_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_FORMAT = {"enum": ["text", "simple_format", "html", "md", "ansi"]}
SPECIFICATION = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [
        {"required": ["score"]},
        {"required": ["tests"], "properties": {"tests": {"items": {"required": ["score"]}}}},
    ],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": _FORMAT,
        "test_output_format": _FORMAT,
        "test_name_format": _FORMAT,
        "visibility": _VISIBILITY,
        "stdout_visibility": _VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": _FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": _FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": _VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
        "leaderboard": {"type": "array"},
    },
}


def written(result: Graded) -> dict[str, Any]:
    file = io.BytesIO()
    gradescope.write(result, file)
    document: dict[str, Any] = json.loads(file.getvalue().decode("utf-8"))
    jsonschema.validate(document, SPECIFICATION)
    return document


def test_points_and_reasons() -> None:
    document = written(graded("a", made((1.5, 6.0), said="oh \x1b[31m no")))
    assert document["score"] == 7.5
    assert document["execution_time"] == 0.1234
    assert document["output"].endswith("Your file printed:\noh \\x1b[31m no")
    first, second = document["tests"]
    assert (first["score"], first["max_score"], first["status"]) == (1.5, 4.0, "failed")
    assert first["output"].split("\n") == [
        "ValueError: oh \\x1b[31m no",
        "for sigmoid('oh \\x1b[31m no')",
        "at result[0]['w1']",
        "expected 0.25",
        "got 0.5",
    ]
    assert first["tags"] == ["derivative-of-output"]
    assert (second["number"], second["status"], second["output"]) == ("2", "passed", "Right.")


def test_what_counts_is_the_score_after_penalties() -> None:
    document = written(graded("a", score=8.0))
    assert document["score"] == 8.0
    assert sum(test["score"] for test in document["tests"]) == 10.0
    assert "10 before penalties" in document["output"]


def test_skipped_is_not_passed() -> None:
    first, _ = written(graded("a", made((0.0, 6.0), skipped=True)))["tests"]
    assert first["status"] == "failed"
    assert first["extra_data"]["status"] == "skipped"


def unscored(status: str) -> Graded:
    """A result in whose first check nothing can be earned."""
    first, second = made((0.0, 6.0), skipped=status == "skipped")["checks"]
    first = {**first, "max_points": 0.0, "status": status}
    return graded("a", {**made((0.0, 6.0)), "checks": [first, second], "max_score": 6.0})


def test_what_was_not_run_and_is_worth_nothing_is_told_and_no_test() -> None:
    document = written(unscored("skipped"))
    assert [test["name"] for test in document["tests"]] == ["σ′(x): part 2"]
    assert "σ′(x): part 1: ValueError: no" in document["output"]
    assert len(written(unscored("failed"))["tests"]) == 2


def test_a_hidden_check_shows_its_points_and_nothing_else() -> None:
    result = graded("a", made((1.5, 6.0), said="secret"))
    hidden = hide({**result.document, "stdout": ""}, ["check-1"])
    document = written(replace(result, document=hidden))
    assert document["tests"][0]["score"] == 1.5
    assert document["tests"][0]["output"]
    text = json.dumps(document)
    assert "secret" not in text and "0.25" not in text and "derivative-of-output" not in text


def test_nothing_is_said_about_visibility() -> None:
    """That is the assignment's to say, and one hidden test hides a student's score."""
    assert "visibility" not in json.dumps(written(graded("a")))


def test_text_of_every_kind(hostile: list[Graded]) -> None:
    for result in hostile:
        document = written(result)
        for text in (document["output"], document["tests"][0]["output"]):
            assert text.replace("\n", "").replace("\t", "").isprintable()


@pytest.mark.parametrize(
    "student",
    [*NAMES, "../../x", "..", ".", "a/b", "a\\b", "CON", "com1.txt", "a.", ".git", "a:b", "~", ""],
)
def test_a_file_lies_in_the_folder_whatever_the_id(student: str, tmp_path: Path) -> None:
    gradescope.write_all([graded(Student(student))], tmp_path)
    [path] = (p for p in tmp_path.rglob("*") if not p.is_dir())
    assert path.parent == tmp_path / "exercise-1"
    assert not path.name.startswith(".") and len(path.name) < 150
    assert path.stem.upper() not in ("CON", "COM1")


def test_a_file_for_every_student_and_exercise(tmp_path: Path) -> None:
    ids = [*dict.fromkeys(NAMES), "a", "A", "a%", "a%25"]
    results = [
        graded(Student(id_), made(exercise=e)) for e in ("exercise-1", "exercise-2") for id_ in ids
    ]
    gradescope.write_all([*results, graded("a", made((0.0, 0.0)), counts=False)], tmp_path)
    for exercise in ("exercise-1", "exercise-2"):
        names = [path.name for path in (tmp_path / exercise).iterdir()]
        assert len({name.casefold() for name in names}) == len(ids)
    assert json.loads((tmp_path / "exercise-1" / "a.json").read_text())["score"] == 10.0
