"""A course's policies: read from TOML, every mistake by its line, applied to marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import course, curriculum
from grader.course import Course, Late, Policy
from grader.model import UsageError
from grader.records import Attempt, Graded, Student
from grader.reports.words import render

KST = timezone(timedelta(hours=9))
FULL = """\
title = "Neural networks, autumn 2026"
timezone = "Asia/Seoul"
attempts = "best"
seeds = "student"
secret = "a sentence nobody can guess"

[limits]
seconds = 5
memory_mb = 1024

[late]
grace_minutes = 15
per_day = 0.1
at_most = 0.5

[exercises.exercise-1]
weight = 2
due = 2026-10-01T23:59:00
closes = 2026-10-08T23:59:00
hidden = ["sigmoid-stability"]

[exercises.exercise-2]
due = 2026-10-08T23:59:00Z
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "course.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    text = FULL.replace("sigmoid-stability", curriculum.load("exercise-1").checks[2].id)
    read = course.read(written(tmp_path, text))
    assert (read.title, read.best, read.seconds, read.memory_mb) == (
        "Neural networks, autumn 2026", True, 5.0, 1024,
    )  # fmt: skip
    assert read.late == Late(timedelta(minutes=15), 0.1, 0.5)
    first = read.exercises["exercise-1"]
    assert first.weight == 2
    assert first.due == datetime(2026, 10, 1, 23, 59, tzinfo=KST)
    assert first.hidden == {curriculum.load("exercise-1").checks[2].id}
    # An offset of its own wins over the course's zone.
    assert read.exercises["exercise-2"].due == datetime(2026, 10, 8, 23, 59, tzinfo=UTC)
    assert read.exercises["exercise-2"].weight == 1


def test_only_exercises_are_needed(tmp_path: Path) -> None:
    read = course.read(written(tmp_path, "[exercises.exercise-1]\n"))
    assert read == Course({"exercise-1": Policy()})
    assert read.seed("exercise-1", "kim", otherwise=7) == 7


@pytest.mark.parametrize("word", ["1", "exercise_1", "Exercise-01", "'exercise 1'"])
def test_an_exercise_may_be_spelled_as_everywhere(tmp_path: Path, word: str) -> None:
    hidden = "hidden = ['sigmoid-stability']"
    read = course.read(written(tmp_path, f"[exercises.{word}]\nweight = 2\n{hidden}\n"))
    assert read.exercises["exercise-1"].weight == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'x'\n[exercises.exercise-1]", "Line 1: there is no titel. Did"),
        ("[exercises.exercise-1]\nweight = 'much'", "Line 2: exercises.exercise-1.weight"),
        ("[exercises.exercise-1]\n\n# so\nweight = -1", "Line 4: exercises.exercise-1.weight"),
        ("[exercises.exercise-99]", "Line 1: There is no exercise-99; did you mean exercise-9?"),
        ("[exercises.1]\n[exercises.exercise-1]", "Line 2: exercise-1 has a table already"),
        ("[exercises.exercise-1]\ndue = 'soon'", "Line 2: exercises.exercise-1.due takes"),
        ("[exercises.exercise-1]\ndue = 2026-10-01", "Line 2: exercises.exercise-1.due takes"),
        ("[exercises.exercise-1]\nhidden = [\n 'nothing',\n]", "Line 2: there is no check nothing"),
        ("[exercises.exercise-1]\nhidden = 'x'", "Line 2: exercises.exercise-1.hidden takes"),
        ("timezone = 'Asia/Soul'\n[exercises.exercise-1]", "Line 1: timezone takes the name of a"),
        ("timezone = 9\n[exercises.exercise-1]", "Line 1: timezone takes the name of a time zone"),
        ("timezone = '../x'\n[exercises.exercise-1]", "Line 1: timezone takes the name of a time"),
        ("attempts = 'first'\n[exercises.exercise-1]", "Line 1: attempts takes latest or best."),
        ("seeds = 'student'\n[exercises.exercise-1]", "Line 1: seeds = \"student\" needs a secret"),
        ("limits = 5\n[exercises.exercise-1]", "Line 1: limits takes a table, [limits]."),
        ("[limits]\nmemory_mb = 1.5\n[exercises.exercise-1]", "Line 2: limits.memory_mb takes"),
        ("[limits]\nseconds = true\n[exercises.exercise-1]", "Line 2: limits.seconds takes"),
        ("[late]\nper_day = 10\n[exercises.exercise-1]", "Line 2: late.per_day takes"),
        ("title = 'x'", "Line 1: a course needs exercises"),
        ("exercises = 3", "Line 1: a course needs exercises"),
        (
            "[exercises.exercise-1]\ndue = 2026-10-02T00:00:00\ncloses = 2026-10-01T00:00:00",
            "Line 3: exercises.exercise-1.closes lies before the due date.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        course.read(written(tmp_path, text))
    assert said in render(refused.value.message)


def test_all_mistakes_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    text = "attempts = 1\n\n[exercises.exercise-1]\nwait = 1\n[late]\nper_day = 2\n"
    with pytest.raises(UsageError) as refused:
        course.read(written(tmp_path, text))
    assert [m.params["line"] for m in refused.value.message.params["mistakes"]] == [1, 4, 6]


@pytest.mark.parametrize(
    ("data", "id_"),
    [
        (b"a = \n", "course.syntax"),
        (b"\xff\xfe", "course.syntax"),
        (None, "course.missing"),
    ],
)
def test_what_is_no_course_is_refused(data: bytes | None, id_: str, tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        course.read(path)
    assert refused.value.message.id == id_
    assert "\n" not in render(refused.value.message)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        course.read(tmp_path)
    assert refused.value.message.id == "course.unreadable"


# --- seeds ---------------------------------------------------------------------------------------


def test_everybody_has_a_seed_of_their_own() -> None:
    read = Course({}, secret=b"x")
    seeds = {read.seed(f"exercise-{n}", s, 0) for n in (1, 2) for s in ("kim", "lee", "김")}
    assert len(seeds) == 6 and all(0 <= seed < 2**32 for seed in seeds)
    assert read.seed("exercise-1", "kim", 0) == Course({}, secret=b"x").seed("exercise-1", "kim", 5)
    assert read.seed("exercise-1", "kim", 0) != Course({}, secret=b"y").seed("exercise-1", "kim", 0)


# --- marks ---------------------------------------------------------------------------------------

DUE = datetime(2026, 10, 1, 23, 59, tzinfo=KST)


@pytest.mark.parametrize(
    ("late_by", "kept"),
    [
        (timedelta(hours=-1), 1.0),
        (timedelta(0), 1.0),
        (timedelta(minutes=15), 1.0),
        (timedelta(minutes=16), 0.9),
        (timedelta(hours=24), 0.9),
        (timedelta(hours=24, seconds=1), 0.8),
        (timedelta(days=30), 0.5),
    ],
)
def test_being_late_costs_by_the_day(late_by: timedelta, kept: float) -> None:
    late = Late(timedelta(minutes=15), 0.1, 0.5)
    when = (DUE + late_by).astimezone(UTC)
    assert late.share_kept(DUE, when) == pytest.approx(kept)


@given(st.floats(0, 1), st.floats(0, 1), st.timedeltas(timedelta(0), timedelta(days=999)))
def test_nothing_is_ever_earned_by_being_late(per_day: float, most: float, by: timedelta) -> None:
    late = Late(timedelta(0), per_day, most)
    assert 0 <= late.share_kept(DUE, DUE + by) <= late.share_kept(DUE, DUE + by / 2) <= 1


def test_what_says_nothing_of_its_time_is_not_late() -> None:
    assert Late(per_day=1).share_kept(DUE, None) == 1
    assert Late(per_day=1).share_kept(None, DUE) == 1


def test_what_comes_when_it_closes_counts_and_a_moment_later_does_not() -> None:
    closes = DUE + timedelta(days=7)
    mine = Course({"exercise-1": Policy(closes=closes)}, best=True)
    a_moment = timedelta(microseconds=1)
    handed_in = attempts((5.0, closes - DUE), (9.0, closes - DUE + a_moment))
    assert [one.counts for one in mine.marked(handed_in)] == [True, False]


def attempts(*made: tuple[float, timedelta | None], exercise: str = "exercise-1") -> list[Graded]:
    """One student's, by score and how late they are."""
    student = Student("kim")
    found = []
    for number, (score, late) in enumerate(made, 1):
        when = None if late is None else DUE + late
        attempt = Attempt("kim", exercise, number, "", str(number), when)
        found.append(Graded(student, attempt, {"exercise": exercise, "checks": []}, score))
    return found


def chosen(read: Course, graded: Sequence[Graded]) -> list[tuple[int, float]]:
    return [(g.attempt.number, g.score) for g in read.marked(graded) if g.counts]


HOUR, WEEKS = timedelta(hours=1), timedelta(days=14)


def test_the_latest_or_the_best_attempt_counts() -> None:
    policies = {"exercise-1": Policy(due=DUE, closes=DUE + timedelta(days=7))}
    late = Late(per_day=0.5)
    made = attempts((6, -HOUR), (9, -HOUR), (10, HOUR), (10, WEEKS))
    # In time: 6 and 9; an hour late: 10, which becomes 5; after closing: does not count.
    assert chosen(Course(policies, late=late), made) == [(3, 5)]
    assert chosen(Course(policies, late=late, best=True), made) == [(2, 9)]
    assert chosen(Course(policies, best=True), made) == [(3, 10)]
    assert chosen(Course(policies), made[3:]) == []
    # Of equal ones the later.
    assert chosen(Course(policies, best=True), attempts((7, -HOUR), (7, -HOUR))) == [(2, 7)]
    assert chosen(Course({"exercise-2": Policy()}), made) == []
    assert chosen(Course(policies), attempts((3, None))) == [(1, 3)]


def test_the_mark_is_weighted_and_what_is_missing_counts_as_nothing() -> None:
    read = Course({"exercise-1": Policy(weight=3), "exercise-2": Policy(weight=1)})
    weights = read.weights(["exercise-2", "exercise-1", "exercise-9"])
    assert weights == {"exercise-1": 3, "exercise-2": 1}
    assert course.share({"exercise-1": (10, 10), "exercise-2": (5, 10)}, weights) == 0.875
    assert course.share({"exercise-1": (10, 10)}, weights) == 0.75
    assert course.share({}, weights) == 0
    assert course.share({"exercise-1": (10, 10)}, {}) == 0


def test_what_nobody_has_begun_and_what_the_grader_owes_costs_nobody_anything() -> None:
    read = Course({"exercise-1": Policy(weight=3), "exercise-2": Policy(weight=1)})
    assert course.share({"exercise-1": (5, 10)}, read.weights(["exercise-1"])) == 0.5
    both = read.weights(["exercise-1", "exercise-2"])
    owed = {"exercise-1": (10, 10), "exercise-2": (0, 10)}
    assert course.share(owed, both, ["exercise-2"]) == 1


# --- hidden checks -------------------------------------------------------------------------------


def test_a_hidden_check_keeps_its_points_and_shows_nothing_else() -> None:
    check = {
        "id": "a", "title": "A", "points": 1.0, "max_points": 2.0, "status": "failed",
        "feedback": "f(0.5) is wrong", "message": {"id": "value.mismatch", "params": {"x": 0.5}},
        "misconception": "upside-down", "outcome": "returned",
        "evidence": {"call": "f(0.5)", "expected": 0.25, "got": 1.0},
    }  # fmt: skip
    document = {"exercise": "exercise-1", "checks": [check, {**check, "id": "b"}]}
    shown = Course({"exercise-1": Policy(hidden=frozenset({"a"}))}).shown(document)
    hidden, open_ = shown["checks"]
    assert "0.5" not in str(hidden) and "upside" not in str(hidden)
    assert (hidden["points"], hidden["max_points"], hidden["status"]) == (1.0, 2.0, "failed")
    assert open_ == document["checks"][1]
    assert document["checks"][0] == check
