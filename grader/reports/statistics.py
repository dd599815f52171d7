"""Figures of a class: points and times in, shares, correlations and medians out.

Pure: nothing here knows a document or a page. What cannot be said is None, never 0.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ENOUGH = 10
"""Students below which a correlation is not given: with 9, 95 of 100 that are truly 0 come out
anywhere between −0.67 and 0.67."""

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Shares of the points from `low` to below `high`; the last one is full marks alone."""

    low: float
    high: float
    count: int


def histogram(shares: Iterable[float]) -> tuple[Bin, ...]:
    """Ten bins of a tenth each, and one for full marks: they say another thing than 90 %."""
    counts = [0] * (BINS + 1)
    for share in shares:
        # 1e-9: a score that is a sum of decimals may miss the border by a rounding.
        counts[BINS if share >= 1 - 1e-9 else int(max(share, 0.0) * BINS + 1e-9)] += 1
    return tuple(Bin(n / BINS, min((n + 1) / BINS, 1.0), count) for n, count in enumerate(counts))


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation and how many it is of; None where it is not defined."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Points:
    """What one student got for one check."""

    points: float
    max_points: float


def corrected_item_total(rows: Sequence[Sequence[Points | None]]) -> tuple[Correlation, ...]:
    """For every check, the correlation of its share of points with that of all *other* checks.

    `rows` holds a student each, all of one length; None stands for a check that was skipped,
    which says nothing about that student. Without the correction a check would correlate with
    itself as a part of the total. Not defined for fewer than ENOUGH students, without another
    check, and where all have the same.
    """
    return tuple(_item(rows, item) for item in range(len(rows[0]) if rows else 0))


def _item(rows: Sequence[Sequence[Points | None]], item: int) -> Correlation:
    own, rest = [], []
    for row in rows:
        others = [p for n, p in enumerate(row) if n != item and p is not None]
        this = row[item]
        if this is not None and others:
            own.append(this.points / this.max_points)
            rest.append(sum(p.points for p in others) / sum(p.max_points for p in others))
    return Correlation(_correlation(own, rest), len(own))


def _correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    # The spread of equal sums may be a rounding away from 0.
    if len(x) < ENOUGH or max(x) - min(x) < 1e-9 or max(y) - min(y) < 1e-9:
        return None
    return statistics.correlation(x, y)


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt of a student: when, and whether what is asked about was right."""

    at: datetime | None
    passed: bool


@dataclass(frozen=True, slots=True)
class FirstPass:
    """How long a class took, from the first attempt to the first that is right."""

    median: timedelta | None
    """Of those who did not get there at once."""
    at_once: int
    """Students whose first attempt was right."""
    n: int
    """Students who got there, of those whose attempts carry times."""


def first_pass(students: Iterable[Sequence[Try]]) -> FirstPass:
    """`students` holds the attempts of each, in order.

    Who never got there is in none of the figures: nobody knows how long it would take.
    """
    taken = [seconds for tries in students if (seconds := _seconds(tries)) is not None]
    later = [seconds for seconds in taken if seconds != _AT_ONCE]
    median = timedelta(seconds=statistics.median(later)) if later else None
    return FirstPass(median, len(taken) - len(later), len(taken))


_AT_ONCE = -1.0


def _seconds(tries: Sequence[Try]) -> float | None:
    right = next((a for a in tries if a.passed), None)
    if right is None or right.at is None or tries[0].at is None:
        return None
    if right is tries[0]:
        return _AT_ONCE
    return max(0.0, (right.at - tries[0].at).total_seconds())


def mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
