"""Students of the gradebook and rows of an LMS's file in, which is whose out.

An id decides before a name, and where two could be meant, none is.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grader.records import Student


@dataclass(frozen=True)
class Row:
    """Somebody, as the LMS's file has them."""

    number: int
    ids: Mapping[str, str]
    """By the column that holds it, the surest first."""
    name: str = ""


@dataclass
class Matched:
    rows: dict[str, int] = field(default_factory=dict)
    """The row of every student of whom it is certain, by the student's id."""
    absent: list[Student] = field(default_factory=list)
    """Students of whom there is no row."""
    unsure: list[Student] = field(default_factory=list)
    """Students who could be in more than one row, or whose row could be another's."""
    by_name: list[Student] = field(default_factory=list)
    """Students of whom only the name says which row is theirs."""


def match(students: Iterable[Student], rows: Sequence[Row]) -> Matched:
    """Who is in which row."""
    index = _index(rows)
    matched = Matched()
    claims: dict[int, list[tuple[int, Student]]] = defaultdict(list)
    for student in students:
        strength, found = _found(student, index)
        if not found:
            matched.absent.append(student)
        elif len(found) > 1:
            matched.unsure.append(student)
        else:
            claims[found.pop()].append((strength, student))
    for number, claimants in claims.items():
        surest = min(strength for strength, _ in claimants)
        first = [student for strength, student in claimants if strength == surest]
        for strength, student in claimants:
            if strength > surest or len(first) > 1:
                matched.unsure.append(student)
                continue
            matched.rows[student.id] = number
            if strength == _BY_NAME:
                matched.by_name.append(student)
    return matched


_BY_COLUMN, _BY_ID, _BY_NAME = range(3)


@dataclass
class _Index:
    columns: dict[str, dict[str, set[int]]]
    names: dict[str, set[int]]


def _index(rows: Sequence[Row]) -> _Index:
    index = _Index({}, defaultdict(set))
    for row in rows:
        for column, value in row.ids.items():
            values = index.columns.setdefault(column.casefold(), defaultdict(set))
            if value.strip():
                values[_same(value)].add(row.number)
        for name in _names(row.name):
            index.names[name].add(row.number)
    return index


def _found(student: Student, index: _Index) -> tuple[int, set[int]]:
    """How it is known, and which rows could be the student's."""
    roster = {name.strip().casefold(): value for name, value in student.columns.items()}
    for column, values in index.columns.items():
        if roster.get(column, "").strip() and (found := values.get(_same(roster[column]))):
            return _BY_COLUMN, set(found)
    known = {_same(text) for text in (student.id, student.email) if text.strip()}
    found = {
        number
        for column, values in index.columns.items()
        if not roster.get(column, "").strip()  # the roster says, and it is none of these
        for text in known
        for number in values.get(text, ())
    }
    if found:
        return _BY_ID, found
    return _BY_NAME, {n for name in _names(student.name) for n in index.names.get(name, ())}


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()


def _names(name: str) -> set[str]:
    """`Kim, Min Su` as it is and as `Min Su Kim`; Canvas writes ="..." around some."""
    if name.startswith('="') and name.endswith('"'):
        name = name[2:-1]
    plain = " ".join(_same(name).split())
    if not plain:
        return set()
    last, comma, first = plain.partition(", ")
    return {plain, f"{first} {last}"} if comma else {plain}
