"""A student's own page: what it tells, what it does not, and names of its file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.course import hide
from grader.records import Student
from grader.reports import student_report
from grader.reports.student_report import filename

from .classroom import HOSTILE, Handed, failed
from .test_class_report import Outline
from .test_class_summary import best, graded, handed

Files = dict[str, list[Handed]]


def wrong(files: Files) -> Handed:
    """The best one with a recognised misconception and evidence."""
    return next(
        one
        for one in reversed(files["exercise-1"])
        if any(c["misconception"] and c["evidence"] for c in one.document["checks"])
    )


def test_every_check_stands_with_its_points_and_its_feedback(files: Files) -> None:
    document = wrong(files).document
    text = Outline(student_report.page(Student("a", "Ann"), [graded("a", document)])).text
    assert "Ann" in text
    assert f"{document['score']:g} of 10 points" in text
    for check in document["checks"]:
        assert check["title"] in text
        if check["status"] != "passed":
            assert check["feedback"].split("`")[0].split("\n")[0].strip() in text
        if check["evidence"]:
            assert check["evidence"]["call"] in text
    assert "grade hint exercise-1" in text


def test_full_marks_need_no_hint(files: Files) -> None:
    page = student_report.page(Student("a"), [graded("a", best(files, "exercise-1"))])
    assert "grade hint" not in page


def test_a_reason_for_everything_is_told_once(files: Files) -> None:
    document = handed(files, "exercise-1", "wrong_syntax_error.py").document
    page = student_report.page(Student("a"), [graded("a", document)])
    assert page.count("The file could not be loaded.") == 1


def test_what_is_hidden_from_students_is_not_there(files: Files) -> None:
    """The documents come reduced; nothing of the check is found another way."""
    document = wrong(files).document
    check = next(c for c in document["checks"] if c["misconception"] and c["evidence"])
    page = student_report.page(Student("a"), [graded("a", hide(document, [check["id"]]))])
    text = Outline(page).text
    assert check["evidence"]["call"] not in text
    assert check["feedback"].split("`")[0].strip() not in text
    assert check["title"] in text
    assert "Hidden: its inputs and values are not shown." in text


def test_attempts_stand_in_order_and_the_one_that_counts_is_shown(files: Files) -> None:
    first, second = wrong(files).document, best(files, "exercise-1")
    results = [graded("a", first, 1), graded("a", second, 2, counts=False)]
    page = student_report.page(Student("a"), results)
    text = Outline(page).text
    assert f"{first['score']:g} of 10 points" in text
    assert text.index("2026-10-05 10:00 UTC") < text.index("2026-10-05 11:00 UTC")


def test_a_deduction_is_told(files: Files) -> None:
    one = graded("a", best(files, "exercise-1"), score=8.0)
    one = replace(one, attempt=replace(one.attempt, late=True))
    text = Outline(student_report.page(Student("a"), [one])).text
    assert "8 of 10 points" in text
    assert "10 points before the deduction" in text
    assert "late" in text


def test_the_graders_failure_is_no_zero(files: Files) -> None:
    document = failed(best(files, "exercise-1"), "batch.failed")
    text = Outline(student_report.page(Student("a"), [graded("a", document)])).text
    assert "No score yet" in text
    assert "0 of 10 points" not in text
    assert "grade hint" not in text


def test_nothing_handed_in_is_said(files: Files) -> None:
    assert "Nothing was handed in yet." in student_report.page(Student("a", "Ann"), ())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_feedback_and_output_are_text(files: Files, text: str) -> None:
    document = wrong(files).document
    checks = [
        {**c, "feedback": f"{text}\n    {text}\n`{text}`", "title": text}
        for c in document["checks"]
    ]
    hostile = {**document, "checks": checks, "stdout": text * 3, "title": text}
    page = student_report.page(
        Student("a", text), [graded("a", hostile)], sources={"a1": f"# {text}\n"}
    )
    outline = Outline(page)
    assert len(outline.all("script")) == len(outline.all("style")) == 1
    assert outline.all("img") == []
    assert not any(name.startswith("on") for _, attrs in outline.tags for name in attrs)
    assert str(1234 * 5678) not in outline.text  # what a template engine would make of it
    assert not {"\0", "\x1b", "\u202e", "\u2066"} & set(page)


def test_a_students_file_is_shown_where_it_is_at_hand(files: Files) -> None:
    one = graded("a", best(files, "exercise-1"))
    page = student_report.page(Student("a"), [one], sources={one.attempt.digest: "x < 1  # mine"})
    assert "x &lt; 1  # mine" in page


def test_file_names_are_safe_everywhere_and_never_meet() -> None:
    ids = ["ann", "Ann", "ANN", "../../etc/passwd", "a/b", "a\\b", "CON", "", " ", "김서연", "-rf"]
    ids += ["\ud800", "x" * 300, "x" * 301, "a\0b", "=1+1", "aux.txt", "münchen"]
    names = [filename(id_) for id_ in ids]
    assert len({name.lower() for name in names}) == len(ids)
    for name in names:
        assert name.isascii()
        assert len(name) < 80
        assert set(name.removesuffix(".html")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert not name.startswith("-")
