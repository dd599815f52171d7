"""A student's own report: result documents in, one HTML file out that can be sent alone.

It shows what the documents hold: what is hidden from students is taken out of them before
(`grader.course.hide`). Needs jinja2.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from grader import __version__
from grader.records import Graded, Student
from grader.reports.class_summary import Need, in_course, needs
from grader.reports.html import render
from grader.reports.terminal import TOLD_ONCE

_SOURCE_CHARACTERS = 20_000


@dataclass(frozen=True)
class _Result:
    """What is shown of one exercise."""

    document: Mapping[str, Any]
    score: float
    pending: bool
    attempts: Sequence[Graded] = ()
    source: str = ""

    @property
    def told(self) -> frozenset[str]:
        """Checks whose reason is that of an earlier one and is not told again."""
        said, again = set(), set()
        for check in self.document["checks"]:
            id_ = check["message"]["id"]
            if id_ in said and not check["points"]:
                again.add(check["id"])
            if id_ in TOLD_ONCE or self.document["status"] == "error":
                said.add(id_)
        return frozenset(again)


def page(
    student: Student,
    graded: Iterable[Graded],
    *,
    sources: Mapping[str, str] | None = None,
    made: datetime | None = None,
    language: str = "en",
) -> str:
    """The page with everything of one student: `graded` holds their attempts, those of an
    exercise next to each other and in the order of time. `sources`: texts by digest."""
    results = []
    for _, group in groupby(graded, lambda one: one.attempt.exercise):
        attempts = tuple(group)
        shown = next((one for one in attempts if one.counts), attempts[-1])
        results.append(
            _Result(
                shown.document,
                shown.score if shown.counts else 0.0,
                _pending(shown.document),
                attempts,
                (sources or {}).get(shown.attempt.digest, "")[:_SOURCE_CHARACTERS],
            )
        )
    results.sort(key=lambda result: in_course(result.document["exercise"]))
    return _render(student, results, made, language)


def single(
    document: Mapping[str, Any], *, made: datetime | None = None, language: str = "en"
) -> str:
    """The page of one run of one file, as `grade exercise-N --html` writes it."""
    result = _Result(document, document["score"], _pending(document))
    return _render(None, [result], made, language)


def _render(
    student: Student | None, results: list[_Result], made: datetime | None, language: str
) -> str:
    return render(
        "student.html.jinja",
        language,
        student=student,
        results=results,
        made=made or datetime.now(UTC),
        version=__version__,
    )


def _pending(document: Mapping[str, Any]) -> bool:
    return Need.FAULT in needs(document)


def filename(student: str) -> str:
    """A file name for the student with this id: one that every system can write, and no two
    students share, whatever their ids hold."""
    readable = re.sub(r"[^a-z0-9]+", "-", student.lower()).strip("-")[:40]
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{readable}-{digest}.html" if readable else f"{digest}.html"
