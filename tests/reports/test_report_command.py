"""`grade report` from a gradebook: files written whole or not at all, a line for each mistake."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from grader import intake
from grader.gradebook import Gradebook, Identity, Result, Run
from grader.records import Attempt, Graded, Student

from .classroom import ROOT, Classroom, Handed
from .test_class_summary import best, graded

Run_ = Callable[..., tuple[int, str, str]]
Files = dict[str, list[Handed]]


def keep(path: Path, results: tuple[Graded, ...], students: tuple[Student, ...]) -> None:
    with Gradebook.open(path, create=True) as gradebook:
        run = Run(seed=0, isolation=1)
        gradebook.start(run)
        gradebook.enroll(students, [one.attempt for one in results], run)
        for one in results:
            of = Identity(one.student.id, one.attempt.exercise, one.attempt.digest, 0, "key")
            document, whole = one.document, json.dumps(one.document)
            score, most = document["score"], document["max_score"]
            gradebook.record(Result(of, document["status"], score, most, whole), run)
        gradebook.finish(run)


@pytest.fixture
def gradebook(tmp_path: Path, small: Classroom) -> Path:
    keep(tmp_path / "gradebook.db", small.graded, small.students)
    return tmp_path / "gradebook.db"


def test_a_page_for_the_class_and_one_for_everybody(
    grade: Run_, gradebook: Path, tmp_path: Path, small: Classroom
) -> None:
    status, out, err = grade("report", "--out", "class report.html", "--students", "own pages")
    assert (status, out) == (0, "")
    assert "class report.html" in err
    assert f"{len(small.students)} students into own pages" in err
    page = (tmp_path / "class report.html").read_text(encoding="utf-8")
    links = {unquote(unescape(link)) for link in re.findall(r'href="(own[^"]*)"', page)}
    written = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "own pages").iterdir()}
    assert links == written
    assert len(written) == len(small.students)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_the_figures_are_those_of_the_gradebook(
    grade: Run_, gradebook: Path, tmp_path: Path, small: Classroom
) -> None:
    assert grade("report", "--exercise", "exercise_4")[0] == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "exercise-4" in page
    assert "exercise-1" not in page
    counting = [g for g in small.graded if g.counts and g.attempt.exercise == "exercise-4"]
    assert f'data-value="{len(counting)}">{len(counting)}<' in page


def test_files_of_the_download_are_matched_by_their_digest(
    grade: Run_, tmp_path: Path, files: Files
) -> None:
    text = next(f.text for f in files["exercise-4"] if f.name.startswith("right"))
    for name in ("ann", "ben"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "exercise_4.py").write_text(text, encoding="utf-8")
    found = intake.read(tmp_path / "class").found
    document = best(files, "exercise-4")
    results = tuple(
        Graded(one.student, one.attempt, {**document, "student": one.student.id}, 10.0)
        for one in found
    )
    assert len(results) == 2
    gone = Attempt("cy", "exercise-4", 1, "elsewhere", "0" * 64)
    results += (Graded(Student("cy"), gone, {**document, "student": "cy"}, 10.0),)
    keep(tmp_path / "gradebook.db", results, tuple(one.student for one in results))
    status, _, err = grade("report", "--submissions", "class", "--students", "own")
    assert status == 0, err
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "100 % alike" in page
    assert page.count("def backward") == 2
    assert "1 was not among the files" in page
    [own] = (tmp_path / "own").glob("ann-*.html")
    assert "def backward" in own.read_text(encoding="utf-8")


def test_a_course_says_what_counts_and_what_is_hidden(
    grade: Run_, tmp_path: Path, files: Files
) -> None:
    document = next(
        f.document
        for f in files["exercise-1"]
        if f.document["score"] > 0
        and any(c["id"] == "sigmoid-values" and c["evidence"] for c in f.document["checks"])
    )
    full = best(files, "exercise-1")
    results = (graded("ann", full, 1, counts=False), graded("ann", document, 2))
    keep(tmp_path / "gradebook.db", results, (Student("ann", "Ann"),))
    (tmp_path / "course.toml").write_text(
        'title = "Networks <1>"\nattempts = "latest"\n[exercises.exercise-1]\n'
        'due = 2026-10-05T09:30:00\nhidden = ["sigmoid-values"]\n[late]\nper_day = 0.5\n'
    )
    status, _, err = grade("report", "--course", "course.toml", "--students", "own")
    assert status == 0, err
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Networks &lt;1&gt;" in page
    [own] = (tmp_path / "own").iterdir()
    text = own.read_text(encoding="utf-8")
    assert "points before the deduction" in text
    [check] = [c for c in document["checks"] if c["id"] == "sigmoid-values"]
    assert check["evidence"]["call"] not in text
    assert "Hidden: " in text


COURSE = """
[late]
per_day = 0.1
[exercises.exercise-1]
weight = 2
due = 2026-10-05T09:30:00
[exercises.exercise-2]
[exercises.exercise-9]
weight = 7
"""


def test_a_percentage_is_the_same_in_the_report_and_in_a_table(
    grade: Run_, tmp_path: Path, files: Files
) -> None:
    full, none = best(files, "exercise-1"), files["exercise-1"][0].document
    results = (
        graded("ann", full),
        graded("ben", none),
        graded("ben", best(files, "exercise-2")),
        graded("cy", best(files, "exercise-4")),  # of another course
    )
    people = tuple(Student(id_) for id_ in ("ann", "ben", "cy"))
    keep(tmp_path / "gradebook.db", results, people)
    (tmp_path / "course.toml").write_text(COURSE)
    for only in ((), ("--exercise", "exercise-1")):
        assert grade("report", "--course", "course.toml", *only)[0] == 0
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        row = r"<bdi>(\w+)</bdi></th><td class=\"number\" data-value=\"([0-9.]+)\">"
        shown = {name: float(share) for name, share in re.findall(row, page)}
        _, out, _ = grade("export", "csv", "--course", "course.toml", *only)
        table = {r["student"]: r["percent"] for r in csv.DictReader(out.splitlines())}
        assert table.pop("cy") == ""  # nothing to have a mark for
        assert {id_: round(float(p) / 100, 4) for id_, p in table.items()} == {
            id_: shown[id_] for id_ in ("ann", "ben")
        }
    assert shown["ann"] == 0.9  # of exercise-1 alone, a day late


def test_dates_that_could_not_be_applied_are_told_as_by_an_export(
    grade: Run_, tmp_path: Path, files: Files
) -> None:
    undated = [replace(one.attempt, submitted=None, late=late) for one, late in (
        (graded("ann", best(files, "exercise-1")), True),
        (graded("ben", best(files, "exercise-1")), None),
    )]  # fmt: skip
    results = tuple(
        replace(graded(a.student, best(files, "exercise-1")), attempt=a) for a in undated
    )
    keep(tmp_path / "gradebook.db", results, (Student("ann"), Student("ben")))
    (tmp_path / "course.toml").write_text(COURSE)
    status, _, err = grade("report", "--course", "course.toml", "--students", "own")
    said = err.splitlines()[-1]
    assert status == 0 and said.startswith("2 that count do not say when they were handed in (1 of")
    assert said in grade("export", "csv", "--course", "course.toml")[2]
    assert f"<p>{said}.</p>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "handed in (" not in grade("report")[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--gradebook", "none.db"], "none.db"),
        (["--anonymous", "--students", "own"], "--anonymous and --students"),
        (["--out", "gradebook.db"], "is the gradebook itself"),
        (
            ["--gradebook", "sqlite:///gradebook.db", "--out", "gradebook.db"],
            "is the gradebook itself",
        ),
        (["--out", "no/such/folder/report.html"], "cannot be written"),
        (["--out", "."], "cannot be written"),
        (["--students", "gradebook.db"], "cannot be written"),
        (["--students", "no/such/own"], "cannot be written"),
        (["--exercise", "exercise-13"], "no results of exercise-13"),
        (["--submissions", "nowhere"], "nowhere"),
        (["--course", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(
    grade: Run_, gradebook: Path, tmp_path: Path, words: list[str], says: str
) -> None:
    before = {p.name for p in tmp_path.iterdir()}
    status, out, err = grade("report", *words)
    assert (status, out) == (2, "")
    assert err.startswith("grade: ")
    assert says in err
    assert err.count("\n") == 1
    after = {p.name for p in tmp_path.iterdir() if not p.name.startswith("gradebook.db")}
    assert after == before - {"gradebook.db"}


def test_the_page_can_go_to_standard_output(grade: Run_, gradebook: Path, tmp_path: Path) -> None:
    status, out, _ = grade("report", "--out", "-", "--exercise", "exercise-4")
    assert status == 0
    assert out.startswith("<!DOCTYPE html>")
    assert out.rstrip().endswith("</html>")
    assert not (tmp_path / "report.html").exists()


def test_a_course_of_other_exercises(grade: Run_, gradebook: Path, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("[exercises.exercise-13]\n")
    status, _, err = grade("report", "--course", "course.toml")
    assert status == 2
    assert "`exercise-4`" in err and "yet" not in err


def test_an_empty_gradebook_says_what_fills_it(grade: Run_, tmp_path: Path) -> None:
    keep(tmp_path / "gradebook.db", (), (Student("ann"),))
    status, _, err = grade("report")
    assert status == 2
    assert "`grade batch`" in err


def test_an_earlier_report_stays_where_a_new_one_cannot_be_made(
    grade: Run_, gradebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("earlier")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", broken)
    status, _, err = grade("report")
    assert status == 2
    assert "no space left" in err
    assert (tmp_path / "report.html").read_text() == "earlier"
    assert [p for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.usefixtures("shared_cache")
def test_a_learners_run_can_be_a_page(grade: Run_, tmp_path: Path) -> None:
    solution = str(ROOT / "solutions" / "exercise_1.py")
    status, out, _ = grade("exercise-1", solution, "--html", "mine.html")
    assert status == 0
    assert "10 / 10" in out
    page = (tmp_path / "mine.html").read_text(encoding="utf-8")
    assert "10 of 10 points" in page
    assert "default-src" in page
    status, _, err = grade("exercise-1", solution, "--html", "no/such/mine.html")
    assert status == 2
    assert "cannot be written" in err


def test_the_file_that_is_graded_is_not_written_over(grade: Run_, tmp_path: Path) -> None:
    (tmp_path / "exercise_1.py").write_text("x = 1\n")
    status, _, err = grade("exercise-1", "--html", "exercise_1.py")
    assert status == 2
    assert "is the file to be graded" in err
    assert (tmp_path / "exercise_1.py").read_text() == "x = 1\n"
