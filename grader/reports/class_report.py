"""The report of a class: everything graded in, one HTML file out.

Needs jinja2, and rapidfuzz where sources are compared.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from grader import __version__
from grader.model import Message
from grader.records import Graded, Student
from grader.reports import class_summary, statistics, words
from grader.reports.class_summary import FALL, Class, Entry, Misconception, Need
from grader.reports.html import percent, render, say
from grader.reports.statistics import ENOUGH, Bin, FirstPass, histogram

if TYPE_CHECKING:
    from grader.reports.similarity import Comparison, Group

SIDE_BY_SIDE, LISTED = 12, 60
"""Groups of an exercise whose files are shown, and those that are named after them."""
SOURCE_CHARACTERS = 6_000


@dataclass(frozen=True)
class About:
    """What the report has to know of an exercise."""

    topic: str
    functions: frozenset[str]
    given: tuple[str, ...]
    """What everybody had: the stub, and the worked answer where it is at hand."""


@dataclass(frozen=True)
class _Name:
    name: str
    link: str | None


@dataclass(frozen=True)
class _Similar:
    """What is shown of one exercise's comparison."""

    exercise: str
    comparison: Comparison
    sources: Mapping[str, str]
    missing: int
    answer: bool
    """Whether the worked answer was at hand."""

    @property
    def shown(self) -> Sequence[Group]:
        return self.comparison.groups[:SIDE_BY_SIDE]

    @property
    def rest(self) -> Sequence[Group]:
        return self.comparison.groups[SIDE_BY_SIDE : SIDE_BY_SIDE + LISTED]

    @property
    def unlisted(self) -> int:
        return max(0, len(self.comparison.groups) - SIDE_BY_SIDE - LISTED)


def page(
    graded: Iterable[Graded],
    students: Iterable[Student] = (),
    *,
    about: Mapping[str, About] | None = None,
    weights: Mapping[str, float] | None = None,
    sources: Mapping[str, str] | None = None,
    link: Callable[[str], str] | None = None,
    anonymous: bool = False,
    title: str = "",
    notes: Iterable[Message] = (),
    made: datetime | None = None,
    language: str = "en",
) -> str:
    """The page.

    `students`: everybody who is expected. `weights` of exercises; their points where there are
    none. `sources`: the text of submissions by digest; without
    them nothing is said about likeness. `link` gives the address of a student's own report.
    `anonymous`: no names, paths or files of students. `title`: of the course.
    `notes`: what there is to say about the results as a whole.
    """
    about = about or {}
    of = class_summary.read(graded, students)
    full = class_summary.max_scores(of)
    weights = {id_: (weights or full).get(id_, 0.0) for id_ in of.titles}
    shares = {id_: class_summary.share(of, person, weights) for id_, person in of.people.items()}
    present = [shares[id_] for id_, person in of.people.items() if person.entries]
    risks, needs = class_summary.at_risk(of, shares), class_summary.need_a_human(of)
    misconceptions = class_summary.misconceptions(of)
    exercises = class_summary.exercises(of)
    names = _names(of, None if anonymous else link, anonymous, language)
    kinds = Counter(need for _, entry in needs for need in entry.needs)
    glance = (
        ("students", len(of.people)),
        ("handed-in", len(present)),
        ("mean", percent(statistics.mean(present))),
        ("median", percent(statistics.median(present))),
        ("risk", len(risks)),
        ("human", len(needs)),
    )
    handed_in = {e.id: e.n for e in exercises}
    return render(
        "class.html.jinja",
        language,
        made=made or datetime.now(UTC),
        version=__version__,
        attempts=of.attempts,
        anonymous=anonymous,
        course_title=title,
        notes=[words.render(note, language) for note in notes],
        names=names,
        glance=glance,
        shares=present,
        absent=len(of.people) - len(present),
        bins=histogram(present),
        spread=_spread(present, histogram(present), language),
        topics=_topics(misconceptions, about),
        misconceptions=[
            {
                "id": m.id,
                "exercise": m.exercise,
                "help": m.help,
                "now": m.now,
                "ever": m.ever,
                "example": m.example,
                "share": len(m.now) / handed_in[m.exercise],
                "topic": _topic(m, about),
            }
            for m in misconceptions
        ],
        exercises=[_with_chart(e, language) for e in exercises],
        risks=risks,
        fall=percent(FALL),
        needs=needs,
        kinds=[(need, kinds[need]) for need in Need if need in kinds],
        order={need: place for place, need in enumerate(Need)},
        similar=None if sources is None else _similar(of, about, sources),
        own=_own_tokens(sources),
        rows=_rows(of, shares, names),
        enough=ENOUGH,
        cut=SOURCE_CHARACTERS,
        seconds=_seconds,
    )


def _with_chart(exercise: class_summary.ExerciseFigures, language: str) -> dict[str, Any]:
    bins = histogram(exercise.shares)
    fields = {name: getattr(exercise, name) for name in exercise.__slots__}
    return fields | {"bins": bins, "spread": _spread(exercise.shares, bins, language)}


def _spread(shares: Sequence[float], bins: Sequence[Bin], language: str) -> str:
    """What the chart shows, for who does not see it."""
    if not shares:
        return ""
    most = max(bins, key=lambda b: b.count)
    return say(
        "class.spread",
        language,
        students=len(shares),
        mean=percent(statistics.mean(shares)),
        median=percent(statistics.median(shares)),
        full=bins[-1].count,
        most=most.count,
        where=say("class.full-marks", language).lower()
        if most.low >= 1
        else say("class.bin", language, low=round(100 * most.low), high=round(100 * most.high)),
    )


def _names(
    of: Class, link: Callable[[str], str] | None, anonymous: bool, language: str
) -> dict[str, _Name]:
    if anonymous:
        # Not in the order of ids or names, which would tell who is who; the same every time.
        shuffled = sorted(of.people, key=lambda id_: hashlib.sha256(id_.encode()).digest())
        return {
            id_: _Name(say("class.somebody", language, number=number), None)
            for number, id_ in enumerate(shuffled, 1)
        }
    called = Counter(person.student.name for person in of.people.values())
    return {
        id_: _Name(_called(person.student, called), link(id_) if link else None)
        for id_, person in of.people.items()
    }


def _called(student: Student, called: Mapping[str, int]) -> str:
    """The name, with the id where two have it."""
    if not student.name:
        return student.id
    return student.name if called[student.name] == 1 else f"{student.name} ({student.id})"


def _topic(misconception: Misconception, about: Mapping[str, About]) -> str | None:
    known = about.get(misconception.exercise)
    return known.topic if known else None


def _topics(
    misconceptions: Iterable[Misconception], about: Mapping[str, About]
) -> list[tuple[str, int]]:
    """The lecture topics to repeat, and how many students each would help."""
    who: dict[str, set[str]] = {}
    for misconception in misconceptions:
        if (topic := _topic(misconception, about)) and misconception.now:
            who.setdefault(topic, set()).update(misconception.now)
    return sorted(((t, len(s)) for t, s in who.items()), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True)
class _Row:
    id: str
    share: float
    cells: tuple[Entry | None, ...]


def _rows(of: Class, shares: Mapping[str, float], names: Mapping[str, _Name]) -> list[_Row]:
    ids = sorted(of.people, key=lambda id_: (names[id_].name.casefold(), id_))
    counting = {id_: of.people[id_].counting() for id_ in ids}
    return [_Row(id_, shares[id_], tuple(counting[id_].get(e) for e in of.titles)) for id_ in ids]


def _seconds(first: FirstPass) -> str:
    return "NaN" if first.median is None else str(round(first.median.total_seconds()))


def _own_tokens(sources: Mapping[str, str] | None) -> int:
    if sources is None:
        return 0
    from grader.reports.similarity import OWN

    return OWN


def _similar(of: Class, about: Mapping[str, About], sources: Mapping[str, str]) -> list[_Similar]:
    from grader.reports import similarity

    found = []
    for exercise in of.titles:
        entries = {
            id_: entry
            for id_, person in of.people.items()
            if (entry := person.counting().get(exercise)) is not None
        }
        texts = {id_: sources[e.digest] for id_, e in entries.items() if e.digest in sources}
        known = about.get(exercise, About("", frozenset(), ()))
        # Everything is compared with everything of the same exercise, and nothing else.
        comparison = similarity.compare(texts, known.given, known.functions)
        found.append(
            _Similar(exercise, comparison, texts, len(entries) - len(texts), len(known.given) > 1)
        )
    return found
