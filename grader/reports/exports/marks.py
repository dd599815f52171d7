"""A class as numbers: results in, who has how many points for what out.

For the formats that name every exercise before the first student. Documents are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.model import Message
from grader.records import Graded, Student


@dataclass
class Marks:
    """What counts, by student and exercise."""

    students: dict[str, Student] = field(default_factory=dict)
    max_scores: dict[str, float] = field(default_factory=dict)
    """By exercise, in the order of the curriculum."""
    titles: dict[str, str] = field(default_factory=dict)
    scores: dict[tuple[str, str], float] = field(default_factory=dict)
    """By student's id and exercise."""


@dataclass(frozen=True)
class Done:
    """What was written, for the line that says so."""

    students: int
    exercises: int
    notes: tuple[Message, ...] = ()


def collect(graded: Iterable[Graded]) -> Marks:
    """The marks of the attempts that count."""
    marks = Marks()
    for result in graded:
        if not result.counts:
            continue
        exercise = result.attempt.exercise
        highest = max(marks.max_scores.get(exercise, 0.0), result.document["max_score"])
        marks.students[result.student.id] = result.student
        marks.max_scores[exercise] = highest
        marks.titles[exercise] = result.document["title"]
        marks.scores[result.student.id, exercise] = result.score
    marks.max_scores = {e: marks.max_scores[e] for e in in_order(marks.max_scores)}
    return marks


def in_order(exercises: Iterable[str]) -> list[str]:
    """exercise-2 before exercise-10."""
    return sorted(exercises, key=_by_number)


def _by_number(exercise: str) -> tuple[str, int, str]:
    name, _, number = exercise.rpartition("-")
    return (name, int(number), "") if number.isdecimal() else (exercise, 0, exercise)
