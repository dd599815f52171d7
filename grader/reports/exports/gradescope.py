"""Gradescope's results.json: one result in, what its autograder harness reads out.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from json import dumps
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from grader.records import Graded
from grader.reports.exports.text import encodable, explanation, one_line, points, scored
from grader.reports.words import catalogue
from grader.sandbox.inert import inert

_NAME_CHARACTERS = 100


def write(result: Graded, file: BinaryIO) -> None:
    """The document as JSON."""
    file.write(encodable(dumps(document(result), ensure_ascii=False, indent=2)).encode() + b"\n")


def write_all(graded: Iterable[Graded], folder: Path) -> None:
    """`folder`/EXERCISE/STUDENT.json for every result that counts."""
    taken: set[str] = set()
    for result in graded:
        if not result.counts:
            continue
        path = folder / result.attempt.exercise / f"{_file_name(result.student.id)}.json"
        if str(path).casefold() in taken:  # A.json and a.json are one file on some systems
            digest = hashlib.sha256(encodable(result.student.id).encode()).hexdigest()
            path = path.with_stem(f"{path.stem}-{digest[:8]}")
        taken.add(str(path).casefold())
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            write(result, file)


def _file_name(student: str) -> str:
    """The student's id as a name that every file system takes, and that leads nowhere else."""
    name = quote(encodable(student), safe="@ ").strip() or "%"
    name = f"%2E{name[1:]}" if name.startswith(".") else name
    if name.rstrip(". ") != name or len(name) > _NAME_CHARACTERS or _reserved(name):
        digest = hashlib.sha256(encodable(student).encode()).hexdigest()
        name = f"{name[:_NAME_CHARACTERS].rstrip('. ')}-{digest[:8]}"
    return name


def _reserved(name: str) -> bool:
    """What Windows keeps for devices."""
    stem = name.partition(".")[0].upper()
    return stem in ("CON", "PRN", "AUX", "NUL") or stem[:-1] in ("COM", "LPT")


def document(result: Graded) -> dict[str, Any]:
    """As the specification has it. All text is plain ("text"), so nothing of it is markup."""
    graded = result.document
    return {
        "score": round(result.score, 6),
        "execution_time": graded["seconds"],
        "output": _output(result),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "extra_data": {
            "schema": graded["schema"],
            "exercise": graded["exercise"],
            "status": graded["status"],
            "seed": graded["seed"],
            "isolation": list(graded["isolation"]),
            "versions": dict(graded["versions"]),
        },
        "tests": [_test(n, check) for n, check in enumerate(scored(graded), 1)],
    }


def _output(result: Graded) -> str:
    words, graded = catalogue(), result.document
    lines = [f"{graded['exercise']} · {one_line(graded['title'])}"]
    if round(result.score, 2) != round(graded["score"], 2):
        lines.append(words["export.adjusted"].format(points=points(graded["score"])))
    told = scored(graded)
    others = [check for check in graded["checks"] if check not in told]
    lines += [f"{one_line(check['title'])}: {explanation(check)}" for check in others]
    if graded["stdout"].strip():
        lines += ["", words["report.printed"], inert(graded["stdout"].rstrip())]
    return "\n".join(lines)


def _test(number: int, check: Mapping[str, Any]) -> dict[str, Any]:
    test = {
        "number": str(number),
        "name": one_line(check["title"]),
        "score": check["points"],
        "max_score": check["max_points"],
        # Gradescope knows no third status, and skipped is not passed.
        "status": "passed" if check["status"] == "passed" else "failed",
        "output": explanation(check),
        "extra_data": {
            "id": check["id"],
            "status": check["status"],
            "outcome": check["outcome"],
            "message": check["message"]["id"],
            "misconception": check["misconception"],
        },
    }
    if check["misconception"]:
        test["tags"] = [check["misconception"]]
    return test
