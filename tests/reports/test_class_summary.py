"""What is asked about a class, against counts made another way from the same documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from grader.records import Attempt, Graded, Student
from grader.reports import class_summary
from grader.reports.class_summary import Need, Risk

from .classroom import START, Classroom, Handed, failed

Files = dict[str, list[Handed]]


def handed(files: Files, exercise: str, name: str) -> Handed:
    return next(one for one in files[exercise] if one.name == name)


def graded(
    student: str, document: Any, number: int = 1, *, counts: bool = True, score: float | None = None
) -> Graded:
    exercise = document["exercise"]
    at = START + timedelta(hours=number)
    attempt = Attempt(student, exercise, number, "somewhere", f"{student}{number}", at)
    earned = document["score"] if score is None else score
    return Graded(Student(student), attempt, {**document, "student": student}, earned, counts)


def best(files: Files, exercise: str) -> Any:
    return files[exercise][-1].document


def test_shares_right_and_means_are_those_of_the_documents(classroom: Classroom) -> None:
    found = {e.id: e for e in class_summary.exercises(class_summary.read(classroom.graded))}
    assert list(found) == ["exercise-1", "exercise-2", "exercise-3", "exercise-4", "exercise-7"]
    for id_, figures in found.items():
        counting = [g for g in classroom.graded if g.counts and g.attempt.exercise == id_]
        assert figures.n == len(counting)
        assert figures.mean == pytest.approx(sum(g.score for g in counting) / 10 / len(counting))
        assert figures.full == sum(g.document["status"] == "passed" for g in counting)
        for check in figures.checks:
            of = [c for g in counting for c in g.document["checks"] if c["id"] == check.id]
            assert check.n == len(of) == len(counting)
            assert check.right == pytest.approx(sum(c["status"] == "passed" for c in of) / len(of))
            assert check.mean == pytest.approx(
                sum(c["points"] / c["max_points"] for c in of) / len(of)
            )
            assert check.discrimination.n == len(of)


def test_misconceptions_are_counted_by_student(classroom: Classroom) -> None:
    of = class_summary.read(classroom.graded)
    now: dict[tuple[str, str], set[str]] = {}
    ever: dict[tuple[str, str], set[str]] = {}
    for one in classroom.graded:
        for check in one.document["checks"]:
            if check["misconception"]:
                key = (one.attempt.exercise, check["misconception"])
                ever.setdefault(key, set()).add(one.student.id)
                if one.counts:
                    now.setdefault(key, set()).add(one.student.id)
    ranked = class_summary.misconceptions(of)
    assert {(m.exercise, m.id): m.ever for m in ranked} == ever
    assert {(m.exercise, m.id): m.now for m in ranked if m.now} == now
    assert [len(m.now) for m in ranked] == sorted((len(m.now) for m in ranked), reverse=True)
    assert len(ranked) > 20


def test_an_example_shows_the_misconception_and_nobody(classroom: Classroom) -> None:
    of = class_summary.read(classroom.graded)
    examples = [m.example for m in class_summary.misconceptions(of) if m.example]
    assert examples
    for example in examples:
        assert example.call.endswith(")")
        assert example.expected != example.got


def test_a_check_that_was_skipped_is_in_no_figure(files: Files) -> None:
    document = best(files, "exercise-1")
    first, *rest = document["checks"]
    skipped = {**first, "status": "skipped", "points": 0.0}
    without = {**document, "checks": [skipped, *rest], "score": 8.0}
    of = class_summary.read([graded("a", document), graded("b", without)])
    check = class_summary.exercises(of)[0].checks[0]
    assert (check.n, check.skipped, check.right, check.mean) == (1, 1, 1.0, 1.0)


def test_a_check_that_is_worth_nothing_is_in_no_mean(files: Files) -> None:
    document = best(files, "exercise-1")
    first, *rest = document["checks"]
    free = {**document, "checks": [{**first, "points": 0.0, "max_points": 0.0}, *rest]}
    of = class_summary.read([graded(f"s{n}", free) for n in range(12)])
    check, other, *_ = class_summary.exercises(of)[0].checks
    assert (check.n, check.right, check.mean, check.discrimination.n) == (12, 1.0, None, 0)
    assert (other.mean, other.discrimination.n) == (1.0, 12)


@pytest.mark.parametrize(
    ("exercise", "name", "need"),
    [
        ("exercise-1", "wrong_exits.py", Need.EXITED),
        ("exercise-1", "wrong_never_ends.py", Need.TIMED_OUT),
        ("exercise-1", "wrong_torch.py", Need.FORBIDDEN),
        ("exercise-1", "exercise_1.py", Need.TAMPERING),
    ],
)
def test_what_needs_a_human_says_why(files: Files, exercise: str, name: str, need: Need) -> None:
    assert class_summary.needs(handed(files, exercise, name).document) == (need,)


def test_wrong_answers_need_no_human(files: Files) -> None:
    for name in ("wrong_syntax_error.py", "right_cosh.py"):
        assert class_summary.needs(handed(files, "exercise-1", name).document) == ()


def test_tampering_is_shown_even_where_it_does_not_count(files: Files) -> None:
    bad = handed(files, "exercise-1", "exercise_1.py").document
    slow = handed(files, "exercise-1", "wrong_never_ends.py").document
    of = class_summary.read(
        [
            graded("a", bad, 1, counts=False),
            graded("a", slow, 2, counts=False),
            graded("a", best(files, "exercise-1"), 3),
        ]
    )
    [(person, entry)] = class_summary.need_a_human(of)
    assert (person.student.id, entry.number) == ("a", 1)


def test_the_graders_failure_is_nobodys_zero(files: Files) -> None:
    fault = failed(best(files, "exercise-2"), "batch.failed")
    results = [graded("a", best(files, "exercise-1")), graded("a", fault)]
    of = class_summary.read(results)
    assert class_summary.needs(fault) == (Need.FAULT,)
    assert class_summary.share(of, of.people["a"], class_summary.max_scores(of)) == 1.0
    [_, second] = class_summary.exercises(of)
    assert (second.n, second.mean, second.checks) == (1, None, ())


def test_what_could_not_be_read_is_the_students(files: Files) -> None:
    unreadable = failed(best(files, "exercise-2"), "batch.unreadable")
    of = class_summary.read([graded("a", best(files, "exercise-1")), graded("a", unreadable)])
    assert class_summary.needs(unreadable) == (Need.UNREADABLE,)
    assert class_summary.share(of, of.people["a"], class_summary.max_scores(of)) == 0.5


def test_who_is_at_risk(files: Files) -> None:
    full, none = best(files, "exercise-1"), files["exercise-1"][0].document
    assert (full["score"], none["score"]) == (10.0, 0.0)
    half = next(f.document for f in files["exercise-1"] if 5 <= f.document["score"] < 9)
    results = [
        graded("fine", full),
        graded("half", half),
        graded("low", none),
        graded("fell", full, 1, counts=False),
        graded("fell", half, 2),
        graded("rose", none, 1, counts=False),
        graded("rose", full, 2),
    ]
    everybody = [Student(id_) for id_ in ("absent", "fine", "half", "low", "fell", "rose")]
    of = class_summary.read(results, everybody)
    weights = class_summary.max_scores(of)
    shares = {id_: class_summary.share(of, person, weights) for id_, person in of.people.items()}
    found = {r.person.student.id: r for r in class_summary.at_risk(of, shares)}
    assert {id_: r.why for id_, r in found.items()} == {
        "absent": (Risk.NOTHING,),
        "low": (Risk.BELOW_HALF,),
        "fell": (Risk.FALLING,),
    }
    assert found["fell"].fell == ("exercise-1",)


def test_what_is_not_handed_in_is_no_points_and_weights_count(files: Files) -> None:
    results = [graded("a", best(files, "exercise-1")), graded("b", best(files, "exercise-2"))]
    of = class_summary.read(results)
    weights = {"exercise-1": 3.0, "exercise-2": 1.0}
    shares = [class_summary.share(of, of.people[id_], weights) for id_ in ("a", "b")]
    assert shares == [0.75, 0.25]


def test_a_penalty_counts_and_does_not_make_an_answer_wrong(files: Files) -> None:
    of = class_summary.read([graded("a", best(files, "exercise-1"), score=7.5)])
    [exercise] = class_summary.exercises(of)
    assert (exercise.mean, exercise.full) == (0.75, 0)
    assert all(check.right == 1.0 for check in exercise.checks)


def test_exercises_come_in_the_order_of_the_course(files: Files) -> None:
    document = best(files, "exercise-1")
    ids = ["exercise-10", "exercise-2", "exercise-1"]
    results = [
        replace(
            graded("a", document),
            attempt=Attempt("a", id_, 1, "", id_),
        )
        for id_ in ids
    ]
    assert list(class_summary.read(results).titles) == ["exercise-1", "exercise-2", "exercise-10"]
