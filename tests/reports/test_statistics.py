"""The figures of a class against NumPy, and against values worked out by hand."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.statistics import (
    ENOUGH,
    Points,
    Try,
    corrected_item_total,
    first_pass,
    histogram,
    mean,
    median,
)

Rows = list[list[Points | None]]


def rows(points: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", most: list[float]) -> Rows:
    return [[Points(float(x), m) for x, m in zip(row, most, strict=True)] for row in points]


def test_discrimination_is_what_numpy_gives() -> None:
    rng = np.random.default_rng(3)
    skill = rng.uniform(size=(200, 1))
    most = np.array([2.0, 1.0, 3.0, 0.5])
    points = (skill + rng.normal(scale=0.3, size=(200, 4)) > 0.5) * most
    found = corrected_item_total(rows(points, list(most)))
    for item, correlation in enumerate(found):
        rest = np.delete(points, item, axis=1).sum(axis=1)
        assert correlation.value == pytest.approx(np.corrcoef(points[:, item], rest)[0, 1])
        assert correlation.n == 200


def test_discrimination_worked_out_by_hand() -> None:
    """Ten students, two checks of one point: 4 have both, 4 neither, 1 each has one alone.

    Each mean is 0.5, each variance 0.25, the mean of the product 0.4: (0.4 − 0.25)/0.25 = 0.6.
    """
    both, neither = [1.0, 1.0], [0.0, 0.0]
    points = np.array([both] * 4 + [neither] * 4 + [[1.0, 0.0], [0.0, 1.0]])
    first, second = corrected_item_total(rows(points, [1.0, 1.0]))
    assert first.value == pytest.approx(0.6)
    assert second.value == pytest.approx(0.6)


def test_a_check_is_not_correlated_with_itself() -> None:
    """Independent checks: with the check in the total, both would come out near 0.7."""
    points = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 1.0)] * 5)
    for correlation in corrected_item_total(rows(points, [1.0, 1.0])):
        assert correlation.value == pytest.approx(0)


@pytest.mark.parametrize(
    "table",
    [
        [[Points(1, 1), Points(float(n % 2), 1)] for n in range(20)],  # all have the first
        [[Points(float(n % 2), 1), Points(0.1 + 0.2, 1)] for n in range(20)],  # and the others
        [[Points(float(n % 2), 1)] for n in range(20)],  # no other check
        [[Points(float(n % 2), 1), Points(float(n % 3), 2)] for n in range(ENOUGH - 1)],
        [[None, Points(float(n % 3), 2)] for n in range(20)],  # skipped for everybody
    ],
)
def test_discrimination_that_is_not_defined_is_not_given(table: Rows) -> None:
    assert corrected_item_total(table)[0].value is None


def test_students_for_whom_a_check_was_skipped_say_nothing_about_it() -> None:
    rng = np.random.default_rng(5)
    points = rng.integers(0, 2, size=(40, 3)).astype(float)
    table = rows(points, [1.0, 1.0, 1.0])
    for row in table[:15]:
        row[2] = None
    found = corrected_item_total(table)
    assert found[2].n == 25
    expected = np.corrcoef(points[15:, 2], points[15:, :2].sum(axis=1))[0, 1]
    assert found[2].value == pytest.approx(expected)
    assert found[0].n == 40


def test_nobody_has_no_figures() -> None:
    assert corrected_item_total([]) == ()
    assert mean([]) is None
    assert median([]) is None
    assert first_pass([]).median is None


@given(st.lists(st.floats(0, 1)))
def test_every_share_is_in_one_bin(shares: list[float]) -> None:
    bins = histogram(shares)
    assert sum(one.count for one in bins) == len(shares)
    for one in bins[:-1]:
        within = [s for s in shares if one.low + 1e-6 <= s < one.high - 1e-6]
        assert one.count >= len(within)


def test_full_marks_and_borders_are_where_they_belong() -> None:
    counts = [one.count for one in histogram([0, 0.0999, 0.1, 0.3, 0.1 * 3, 0.95, 1.0, 1 - 1e-12])]
    assert counts == [2, 1, 0, 2, 0, 0, 0, 0, 0, 1, 2]


START = datetime(2026, 10, 1, 9, tzinfo=UTC)


def tries(*minutes_and_passed: tuple[int, bool]) -> list[Try]:
    return [Try(START + timedelta(minutes=m), passed) for m, passed in minutes_and_passed]


def test_time_to_first_pass() -> None:
    found = first_pass(
        [
            tries((0, True)),
            tries((5, False), (15, True)),
            tries((0, False), (10, False), (30, True), (90, True)),
            tries((0, False), (50, True), (60, False)),
            tries((0, False), (10, False)),  # never
            [Try(None, False), Try(None, True)],  # no times
        ]
    )
    assert found.median == timedelta(minutes=30)
    assert (found.at_once, found.n) == (1, 4)


def test_two_attempts_at_the_same_moment_are_not_at_once() -> None:
    found = first_pass([tries((0, False), (0, True))])
    assert (found.median, found.at_once, found.n) == (timedelta(0), 0, 1)
