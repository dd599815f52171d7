"""The policies of a course: one TOML file in, weights, dates, penalties and seeds out.

    title = "Neural networks, autumn 2026"
    timezone = "Asia/Seoul"           # of dates without an offset
    attempts = "best"                 # or "latest", which is the default
    seeds = "student"                 # cases of their own for everybody; default "course"
    secret = "a sentence nobody can guess"

    [limits]
    seconds = 5                       # of computing, for a file
    memory_mb = 1024

    [late]
    grace_minutes = 15
    per_day = 0.1                     # of the score, for every day begun
    at_most = 0.5

    [exercises.exercise-1]
    weight = 2
    due = 2026-10-01T23:59:00
    closes = 2026-10-08T23:59:00      # later attempts do not count
    hidden = ["sigmoid-stability"]    # students see no inputs and no values of these checks

Everything but the exercises may be left out. Every mistake in a file is told at once, by line.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import math
import tomllib
import zoneinfo
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from grader import curriculum
from grader.model import Message, UsageError
from grader.records import Attempt, Graded

_BYTES = 1 << 20
_DAY = timedelta(days=1)
Path_ = tuple[str, ...]
"""Where in the file: the keys that lead there."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one exercise of a course is worth, and until when."""

    weight: float = 1.0
    due: datetime | None = None
    closes: datetime | None = None
    hidden: frozenset[str] = frozenset()
    """Ids of checks whose inputs and expected values students do not see."""


@dataclass(frozen=True, slots=True)
class Late:
    """What being late costs."""

    grace: timedelta = timedelta(0)
    per_day: float = 0.0
    """The share of the score that every day begun after the due date takes away."""
    at_most: float = 1.0

    def share_kept(self, due: datetime | None, submitted: datetime | None) -> float:
        """1 for what is in time, or says nothing of when it was handed in."""
        if due is None or submitted is None or submitted <= due + self.grace:
            return 1.0
        days = math.ceil((submitted - due) / _DAY)
        return 1.0 - min(self.at_most, self.per_day * days)


@dataclass(frozen=True, slots=True)
class Course:
    """A course, as its instructor has set it down."""

    exercises: Mapping[str, Policy]
    title: str = ""
    best: bool = False
    """The best attempt counts, not the latest."""
    secret: bytes | None = None
    """Every student's cases come from a seed of their own that this gives."""
    seconds: float | None = None
    memory_mb: int | None = None
    late: Late = field(default_factory=Late)

    def seed(self, exercise: str, student: str, otherwise: int) -> int:
        """The seed of a student's cases: nobody can tell it without the secret, and it is the
        same at every run. `otherwise`, where the course has one seed for all."""
        if self.secret is None:
            return otherwise
        name = f"{exercise}\n{student}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.secret, name, hashlib.sha256)[:4], "big")

    def marked(self, graded: Iterable[Graded]) -> Iterator[Graded]:
        """`graded`, whose attempts of a student at an exercise are neighbours, with scores
        after penalties and the attempt that counts. Exercises of other courses are left out."""
        mine = (one for one in graded if one.attempt.exercise in self.exercises)
        for _, group in itertools.groupby(
            mine, lambda one: (one.attempt.student, one.attempt.exercise)
        ):
            attempts = [self._penalised(one) for one in group]
            open_ = [one for one in attempts if not self._closed(one)]
            chosen = None
            if open_:
                # Of equal ones the later.
                chosen = max(reversed(open_), key=lambda one: one.score) if self.best else open_[-1]
            for one in attempts:
                yield replace(one, counts=one is chosen)

    def weights(self, handed_in: Iterable[str]) -> dict[str, float]:
        """What each of the exercises of `handed_in` that are the course's weighs, for `share`."""
        mine = (id_ for id_ in handed_in if id_ in self.exercises)
        return {id_: self.exercises[id_].weight for id_ in mine}

    def undated(self, attempt: Attempt) -> bool:
        """Whether a date of the course could not be held against `attempt`: nothing says when it
        was handed in."""
        policy = self.exercises.get(attempt.exercise, Policy())
        return attempt.submitted is None and (policy.due or policy.closes) is not None

    def shown(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """`document` as its student may see it: hidden checks without inputs and values."""
        policy = self.exercises.get(document["exercise"], Policy())
        return hide(document, policy.hidden)

    def _penalised(self, one: Graded) -> Graded:
        due = self.exercises[one.attempt.exercise].due
        kept = self.late.share_kept(due, one.attempt.submitted)
        return replace(one, score=round(one.score * kept, 2)) if kept < 1 else one

    def _closed(self, one: Graded) -> bool:
        closes = self.exercises[one.attempt.exercise].closes
        when = one.attempt.submitted
        return closes is not None and when is not None and when > closes


def share(
    scores: Mapping[str, tuple[float, float]],
    weights: Mapping[str, float],
    owed: Collection[str] = (),
) -> float:
    """What a student has of all points so far, from 0 to 1; `scores` are (score, of how many) by
    exercise.

    `weights` has every exercise that somebody of the class has handed in, of those that are asked
    for, and no other: one that nobody has begun costs nobody anything. Of these, one that this
    student has not handed in counts as nothing; one of `owed`, over which the grader failed, is
    left out.
    """
    counted = {id_: weight for id_, weight in weights.items() if id_ not in owed}
    earned = sum(
        weight * scores[id_][0] / scores[id_][1]
        for id_, weight in counted.items()
        if id_ in scores and scores[id_][1]
    )
    most = sum(counted.values())
    return earned / most if most else 0.0


def hide(document: Mapping[str, Any], hidden: Iterable[str]) -> dict[str, Any]:
    """The result document with the checks `hidden` reduced to their points."""
    hidden = frozenset(hidden)
    checks = [_reduced(check) if check["id"] in hidden else check for check in document["checks"]]
    return {**document, "checks": checks}


def _reduced(check: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may know of a hidden check: that it is there, and its points. What was
    printed is not of a check and stays."""
    return {
        **check,
        "feedback": "",
        "message": {"id": "check.hidden", "params": {}},
        "misconception": None,
        "evidence": None,
    }


# --- reading ------------------------------------------------------------------------------------


def read(path: Path) -> Course:
    """The course in the file `path`.

    Raises UsageError: course.missing, course.unreadable, course.syntax, or course.mistakes,
    whose `mistakes` are messages with the line of each.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_BYTES + 1)
    except OSError as error:
        id_ = "course.missing" if isinstance(error, FileNotFoundError) else "course.unreadable"
        params = {"file": str(path), "why": (error.strerror or str(error)).lower()}
        raise UsageError(Message(id_, params)) from None
    try:
        text = data[:_BYTES].decode("utf-8-sig")
        tables = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are
        why = str(error)
        raise UsageError(Message("course.syntax", {"file": str(path), "why": why})) from None
    reading = _Reading(text)
    course = reading.course(tables)
    if reading.mistakes:
        found = sorted(reading.mistakes, key=lambda message: message.params["line"])
        raise UsageError(Message("course.mistakes", {"file": str(path), "mistakes": found}))
    return course


Parse = Callable[["_Reading", Path_, Any], Any]


class _Reading:
    """Tables in, a course out, and what is wrong with them."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.mistakes: list[Message] = []
        self.zone: tzinfo = UTC

    def wrong(self, at: Path_, id_: str, **params: Any) -> None:
        line = _line(self.lines, at)
        self.mistakes.append(
            Message(f"course.{id_}", {"key": ".".join(at), "line": line, **params})
        )

    def table(self, at: Path_, value: Any, keys: Mapping[str, Parse]) -> dict[str, Any]:
        """The values of a table whose keys may be `keys`; those that are wrong are left out."""
        if not isinstance(value, dict):
            self.wrong(at, "not-a-table")
            return {}
        found = {}
        for key, given in value.items():
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                self.wrong((*at, key), "unknown-key", nearest=near[0] if near else "")
            elif (parsed := keys[key](self, (*at, key), given)) is not None:
                found[key] = parsed
        return found

    def course(self, tables: dict[str, Any]) -> Course:
        # First, for the dates.
        if "timezone" in tables:
            self.zone = _zone(self, ("timezone",), tables["timezone"]) or UTC
        found = self.table((), tables, _COURSE)
        by_student = found.pop("seeds", "course") == "student"
        secret = found.pop("secret", None)
        if by_student and secret is None:
            self.wrong(("seeds",), "no-secret")
        if "exercises" not in tables:
            self.wrong(("exercises",), "no-exercises")
        return Course(
            exercises=found.get("exercises", {}),
            title=found.get("title", ""),
            best=found.get("attempts") == "best",
            secret=secret.encode() if by_student and secret else None,
            late=found.get("late", Late()),
            **found.get("limits", {}),
        )


def _line(lines: list[str], at: Path_) -> int:
    """The line, from 1, on which the value at `at` begins: the file is read again, longer by a
    line each time, until it is there."""
    before = 0
    for end in range(1, len(lines) + 1):
        try:
            node: Any = tomllib.loads("\n".join(lines[:end]))
        except ValueError:  # in the middle of a value
            continue
        for key in at:
            node = node.get(key) if isinstance(node, dict) else None
        if node is not None:
            between = (n for n in range(before, end) if lines[n].split("#")[0].strip())
            return next(between, before) + 1
        before = end
    return 1


# --- values ---------------------------------------------------------------------------------------


def _text(reading: _Reading, at: Path_, value: Any) -> str | None:
    if isinstance(value, str) and value.strip():
        return value
    reading.wrong(at, "not-text")
    return None


def _one_of(*choices: str) -> Parse:
    def parse(reading: _Reading, at: Path_, value: Any) -> str | None:
        if value in choices:
            return str(value)
        reading.wrong(at, "not-one-of", choices=list(choices))
        return None

    return parse


def _number(low: float, high: float, *, whole: bool = False) -> Parse:
    def parse(reading: _Reading, at: Path_, value: Any) -> float | None:
        right = type(value) is int or (type(value) is float and not whole)
        if right and low <= value <= high:
            return int(value) if whole else float(value)
        reading.wrong(at, "not-a-number", low=low, high=high)
        return None

    return parse


def _zone(reading: _Reading, at: Path_, value: Any) -> tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(value)
    except Exception:  # a name with odd characters, no such zone, not a text
        reading.wrong(at, "not-a-timezone")
        return None


def _known_zone(reading: _Reading, at: Path_, value: Any) -> None:
    """Read beforehand."""


def _moment(reading: _Reading, at: Path_, value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        reading.wrong(at, "not-a-moment")
        return None
    return value if value.tzinfo else value.replace(tzinfo=reading.zone)


def _late(reading: _Reading, at: Path_, value: Any) -> Late:
    found = reading.table(at, value, _LATE)
    if "grace_minutes" in found:
        found["grace"] = timedelta(minutes=found.pop("grace_minutes"))
    return Late(**found)


def _limits(reading: _Reading, at: Path_, value: Any) -> dict[str, Any]:
    return reading.table(at, value, _LIMITS)


def _exercises(reading: _Reading, at: Path_, value: Any) -> dict[str, Policy]:
    if not isinstance(value, dict) or not value:
        reading.wrong(at, "no-exercises")
        return {}
    policies = {}
    for word, policy in value.items():
        here = (*at, word)
        try:
            id_ = curriculum.named(word)
        except UsageError as error:
            reading.wrong(here, "unknown-exercise", cause=error.message)
            continue
        if id_ in policies:
            reading.wrong(here, "exercise-twice", exercise=id_)
        found = reading.table(here, policy, _EXERCISE)
        if hidden := found.get("hidden"):
            checks = [check.id for check in curriculum.load(id_).checks]
            for check in sorted(hidden - {*checks}):
                reading.wrong((*here, "hidden"), "unknown-check", check=check, checks=checks)
        due, closes = found.get("due"), found.get("closes")
        if due and closes and closes < due:
            reading.wrong((*here, "closes"), "closes-before-due")
        policies[id_] = Policy(**found)
    return policies


def _names(reading: _Reading, at: Path_, value: Any) -> frozenset[str] | None:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return frozenset(value)
    reading.wrong(at, "not-a-list")
    return None


_LATE: Final[Mapping[str, Parse]] = {
    "grace_minutes": _number(0, 7 * 24 * 60),
    "per_day": _number(0, 1),
    "at_most": _number(0, 1),
}
_LIMITS: Final[Mapping[str, Parse]] = {
    "seconds": _number(0.1, 3600),
    "memory_mb": _number(64, 1 << 20, whole=True),
}
_EXERCISE: Final[Mapping[str, Parse]] = {
    "weight": _number(0, 1e6),
    "due": _moment,
    "closes": _moment,
    "hidden": _names,
}
_COURSE: Final[Mapping[str, Parse]] = {
    "title": _text,
    "timezone": _known_zone,
    "attempts": _one_of("latest", "best"),
    "seeds": _one_of("course", "student"),
    "secret": _text,
    "limits": _limits,
    "late": _late,
    "exercises": _exercises,
}
