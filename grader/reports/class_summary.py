"""A class in figures: everything graded in, in one pass, and what an instructor asks out.

Documents are let go as they are read; what is kept grows with the number of attempts, not with
what was printed or explained in them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from grader import course
from grader.records import Graded, Student
from grader.reports import statistics
from grader.reports.statistics import Correlation, FirstPass, Points, Try

HALF = 0.5
"""Below this share of all points a student is at risk."""
FALL = 0.1
"""A last attempt that is worse than an earlier one by this share of the points is a fall."""


class Need(StrEnum):
    """Why somebody should look at a submission; the most urgent first."""

    TAMPERING = "tampering"
    FAULT = "fault"
    UNREADABLE = "unreadable"
    CRASHED = "crashed"
    EXITED = "exited"
    FLOODED = "flooded"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    FORBIDDEN = "forbidden"


_NEEDS = {
    "outcome.killed-protocol": Need.TAMPERING,
    "outcome.killed-signal": Need.CRASHED,
    "outcome.killed-exited": Need.EXITED,
    "outcome.killed-output": Need.FLOODED,
    "outcome.timed-out": Need.TIMED_OUT,
    "outcome.out-of-memory": Need.OUT_OF_MEMORY,
    "outcome.forbidden": Need.FORBIDDEN,
}
_ORDER = {need: place for place, need in enumerate(Need)}


class Risk(StrEnum):
    """Why a student may need help."""

    NOTHING = "nothing"
    BELOW_HALF = "below-half"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Mark:
    """One check of one attempt."""

    status: str
    points: float
    max_points: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt, without what no figure needs."""

    exercise: str
    number: int
    at: datetime | None
    late: bool | None
    source: str
    digest: str
    counts: bool
    score: float
    """After penalties: what counts."""
    earned: float
    """Before them: what was right."""
    max_score: float
    passed: bool
    needs: tuple[Need, ...]
    marks: Mapping[str, Mark]
    """By check; empty where nothing could be judged."""

    @property
    def pending(self) -> bool:
        """Whether the grader failed: no score, and nobody's fault but ours."""
        return Need.FAULT in self.needs


@dataclass(slots=True)
class Person:
    """A student and all of their attempts."""

    student: Student
    entries: list[Entry] = field(default_factory=list)

    def counting(self) -> dict[str, Entry]:
        return {entry.exercise: entry for entry in self.entries if entry.counts}


@dataclass(frozen=True, slots=True)
class Example:
    """A call that shows a misconception; nobody's name is in it."""

    call: str
    at: tuple[int | str, ...]
    expected: Any
    got: Any


@dataclass(slots=True)
class Misconception:
    """One misunderstanding, and who has it."""

    id: str
    exercise: str
    help: str
    now: set[str] = field(default_factory=set)
    """Students whose counting attempt shows it."""
    ever: set[str] = field(default_factory=set)
    """Students any of whose attempts shows it."""
    example: Example | None = None


@dataclass(slots=True)
class Class:
    """Everybody and everything, by student id, exercise id and check id."""

    people: dict[str, Person] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """Of exercises, in the order of the course."""
    checks: dict[str, dict[str, str]] = field(default_factory=dict)
    """Titles of the checks of every exercise."""
    misconceptions: dict[tuple[str, str], Misconception] = field(default_factory=dict)

    @property
    def attempts(self) -> int:
        return sum(len(person.entries) for person in self.people.values())


def read(graded: Iterable[Graded], students: Iterable[Student] = ()) -> Class:
    """`students`: everybody who is expected, whether or not they handed something in. The attempts
    of a student at an exercise come in the order of time."""
    found = Class({student.id: Person(student) for student in students})
    for item in graded:
        _add(found, item)
    found.titles = dict(sorted(found.titles.items(), key=lambda pair: in_course(pair[0])))
    for person in found.people.values():
        person.entries.sort(key=lambda e: in_course(e.exercise))
    return found


def in_course(exercise: str) -> tuple[str, int, str]:
    """exercise-10 comes after exercise-9."""
    name, number = re.fullmatch(r"(.*?)(\d*)", exercise).groups()  # type: ignore[union-attr]
    return name, int(number or 0), exercise


def _add(found: Class, item: Graded) -> None:
    document, attempt = item.document, item.attempt
    judged = document["status"] != "error"
    exercise = attempt.exercise
    if judged or exercise not in found.titles:
        found.titles[exercise] = document["title"] or exercise
    person = found.people.setdefault(item.student.id, Person(item.student))
    marks = {}
    for check in document["checks"] if judged else ():
        found.checks.setdefault(exercise, {})[check["id"]] = check["title"]
        marks[check["id"]] = Mark(check["status"], check["points"], check["max_points"])
        if check["misconception"]:
            _add_misconception(found, item, check)
    person.entries.append(
        Entry(
            exercise,
            attempt.number,
            attempt.submitted,
            attempt.late,
            attempt.source,
            attempt.digest,
            item.counts,
            item.score,
            document["score"],
            document["max_score"],
            document["status"] == "passed",
            needs(document),
            marks,
        )
    )


def _add_misconception(found: Class, item: Graded, check: Mapping[str, Any]) -> None:
    key = (item.attempt.exercise, check["misconception"])
    seen = found.misconceptions.get(key)
    if seen is None:
        seen = Misconception(check["misconception"], item.attempt.exercise, check["feedback"])
        found.misconceptions[key] = seen
    seen.ever.add(item.student.id)
    if item.counts:
        seen.now.add(item.student.id)
    evidence = check["evidence"]
    if seen.example is None and evidence and evidence["expected"] is not None:
        place = tuple(evidence["at"])
        seen.example = Example(evidence["call"], place, evidence["expected"], evidence["got"])


def needs(document: Mapping[str, Any]) -> tuple[Need, ...]:
    """Why somebody should look at the submission with this result; mostly nothing."""
    ids = {id_ for check in document["checks"] for id_ in _message_ids(check["message"])}
    found = {_NEEDS[id_] for id_ in ids if id_ in _NEEDS}
    if document["status"] == "error":
        found.add(Need.UNREADABLE if "batch.unreadable" in ids else Need.FAULT)
    return tuple(sorted(found, key=_ORDER.__getitem__))


def _message_ids(message: Any) -> Iterator[str]:
    """The id of a message and those of what it says was the cause."""
    if isinstance(message, Mapping) and isinstance(message.get("id"), str):
        yield message["id"]
        params = message.get("params")
        for param in params.values() if isinstance(params, Mapping) else ():
            yield from _message_ids(param)


# --- what is asked ------------------------------------------------------------------------------


def max_scores(of: Class) -> dict[str, float]:
    """By exercise, what full marks are."""
    found: dict[str, float] = defaultdict(float)
    for person in of.people.values():
        for entry in person.entries:
            if entry.marks or entry.exercise not in found:
                found[entry.exercise] = max(found[entry.exercise], entry.max_score)
    return dict(found)


def share(of: Class, person: Person, weights: Mapping[str, float]) -> float:
    """Of all exercises that somebody has handed in, by weight: see `course.share`."""
    counting = person.counting()
    scores = {id_: (entry.score, entry.max_score) for id_, entry in counting.items()}
    owed = {id_ for id_, entry in counting.items() if entry.pending}
    return course.share(scores, {id_: weights[id_] for id_ in of.titles}, owed)


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """One check over a class: the attempts that count, but for the time."""

    id: str
    title: str
    n: int
    skipped: int
    right: float | None
    mean: float | None
    """Of the share of points."""
    max_points: float
    discrimination: Correlation
    first_pass: FirstPass


@dataclass(frozen=True, slots=True)
class ExerciseFigures:
    """One exercise over a class."""

    id: str
    title: str
    n: int
    """Students who handed it in."""
    max_score: float
    mean: float | None
    median: float | None
    full: int
    shares: tuple[float, ...]
    attempts: int
    first_pass: FirstPass
    checks: tuple[CheckFigures, ...]


def exercises(of: Class) -> tuple[ExerciseFigures, ...]:
    full = max_scores(of)
    return tuple(_exercise(of, id_, full[id_]) for id_ in of.titles)


def _exercise(of: Class, id_: str, max_score: float) -> ExerciseFigures:
    tried = [[e for e in p.entries if e.exercise == id_] for p in of.people.values()]
    tried = [entries for entries in tried if entries]
    counting = [e for entries in tried for e in entries if e.counts and not e.pending]
    shares = tuple(e.score / max_score for e in counting)
    return ExerciseFigures(
        id_,
        of.titles[id_],
        len(tried),
        max_score,
        statistics.mean(shares),
        statistics.median(shares),
        sum(share >= 1 - 1e-9 for share in shares),
        shares,
        sum(map(len, tried)),
        statistics.first_pass([[Try(e.at, e.passed) for e in entries] for entries in tried]),
        _checks(of, id_, tried, [e for e in counting if e.marks]),
    )


def _checks(
    of: Class, exercise: str, tried: list[list[Entry]], counting: list[Entry]
) -> tuple[CheckFigures, ...]:
    titles = of.checks.get(exercise, {})
    rows = [[_points(entry.marks.get(check)) for check in titles] for entry in counting]
    correlations = statistics.corrected_item_total(rows) or (Correlation(None, 0),) * len(titles)
    found = []
    for (id_, title), correlation in zip(titles.items(), correlations, strict=True):
        marks = [entry.marks[id_] for entry in counting if id_ in entry.marks]
        judged = [mark for mark in marks if mark.status != "skipped"]
        times = [[Try(e.at, _right(e.marks.get(id_))) for e in entries] for entries in tried]
        found.append(
            CheckFigures(
                id_,
                title,
                len(judged),
                len(marks) - len(judged),
                statistics.mean([float(mark.status == "passed") for mark in judged]),
                statistics.mean(
                    [mark.points / mark.max_points for mark in judged if mark.max_points]
                ),
                max((mark.max_points for mark in marks), default=0.0),
                correlation,
                statistics.first_pass(times),
            )
        )
    return tuple(found)


def _points(mark: Mark | None) -> Points | None:
    if mark is None or mark.status == "skipped" or not mark.max_points:
        return None
    return Points(mark.points, mark.max_points)


def _right(mark: Mark | None) -> bool:
    return mark is not None and mark.status == "passed"


def misconceptions(of: Class) -> list[Misconception]:
    """Those that most students still have come first."""
    found = of.misconceptions.values()
    return sorted(found, key=lambda m: (-len(m.now), -len(m.ever), in_course(m.exercise), m.id))


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A student who may need help, and why."""

    person: Person
    share: float
    handed_in: int
    why: tuple[Risk, ...]
    fell: tuple[str, ...]
    """Exercises whose last attempt is worse than an earlier one."""


def at_risk(of: Class, shares: Mapping[str, float]) -> list[AtRisk]:
    """`shares` of all points, by student. The fewest points first."""
    found = []
    for id_, person in of.people.items():
        handed_in, fell = len(person.counting()), tuple(_falls(person))
        why = []
        if not handed_in:
            why.append(Risk.NOTHING)
        elif shares[id_] < HALF:
            why.append(Risk.BELOW_HALF)
        if fell:
            why.append(Risk.FALLING)
        if why:
            found.append(AtRisk(person, shares[id_], handed_in, tuple(why), fell))
    return sorted(found, key=lambda r: (r.share, -len(r.why), r.person.student.id))


def _falls(person: Person) -> Iterator[str]:
    by_exercise = defaultdict(list)
    for entry in person.entries:
        if not entry.pending:
            by_exercise[entry.exercise].append(entry.earned / entry.max_score)
    for exercise, shares in by_exercise.items():
        if shares[-1] <= max(shares) - FALL + 1e-9:
            yield exercise


def need_a_human(of: Class) -> list[tuple[Person, Entry]]:
    """Attempts that count and need somebody's eye, and any that may have been tampering."""
    found = [
        (person, entry)
        for person in of.people.values()
        for entry in person.entries
        if entry.needs and (entry.counts or Need.TAMPERING in entry.needs)
    ]
    return sorted(
        found,
        key=lambda f: (_ORDER[f[1].needs[0]], f[0].student.id, in_course(f[1].exercise)),
    )
