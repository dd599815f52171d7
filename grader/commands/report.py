"""`grade report`: the gradebook in, a page about the class and one for every student out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from grader.model import Message, UsageError
from grader.reports.exports.notes import Undated

if TYPE_CHECKING:
    from grader.course import Course
    from grader.gradebook import Gradebook
    from grader.records import Graded
    from grader.reports.class_report import About


def command(
    gradebook: Annotated[
        str, typer.Option(metavar="FILE|URL", help="Where the results are.")
    ] = "gradebook.db",
    out: Annotated[
        Path, typer.Option(metavar="FILE|-", help="Where to; - is standard output.")
    ] = Path("report.html"),
    students: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A page for every student too, in this folder."),
    ] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(
            metavar="DOWNLOAD",
            help="What was graded: near-identical files are shown, and students see theirs.",
        ),
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The course's own weights, penalties, hidden checks."),
    ] = None,
    exercise: Annotated[
        list[str] | None, typer.Option(help="Only this exercise; again for more.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="No names, paths or files of students.")
    ] = False,
) -> int:
    """The class at a glance: one HTML file that needs no network."""
    from grader import curriculum
    from grader.gradebook import Gradebook
    from grader.reports.exports import whole
    from grader.reports.words import shown

    _check(out, students, anonymous)
    policies = _course(course)
    with Gradebook.open(gradebook) as opened:
        wanted = [curriculum.named(name, opened.exercises()) for name in exercise or []]
        if out.resolve() == Path(opened.name).resolve():
            raise UsageError(Message("usage.report-over-gradebook", {"path": str(out)}))
        results = _Results(opened, policies, wanted)
        covered = results.exercises()
        sources = None if submissions is None else _sources(submissions, covered)
        page = _page(results, covered, policies, sources, _link(out, students), anonymous)
        pages = 0
        if students is not None:
            with whole.into(students) as folder:
                pages = _write_students(results, sources, folder)
        with whole.output(out) as file:  # last: its links lead somewhere
            file.write(page.encode())
    typer.echo(shown(Message("class.wrote", {"path": str(out)})), err=True)
    if students is not None:
        params = {"n": pages, "path": str(students)}
        typer.echo(shown(Message("class.wrote-students", params)), err=True)
    for note in results.undated.note():
        typer.echo(shown(note), err=True)
    return 0


def _check(out: Path, students: Path | None, anonymous: bool) -> None:
    """Raises UsageError for what cannot go well, before anything is read."""
    if anonymous and students is not None:
        raise UsageError(Message("usage.anonymous-students"))
    if out.is_dir() or not out.parent.is_dir():
        id_ = "usage.a-folder" if out.is_dir() else "usage.no-folder"
        raise UsageError(Message(id_, {"path": str(out)}))
    if students is not None and not (students.is_dir() or _can_be_made(students)):
        id_ = "usage.not-a-folder" if students.exists() else "usage.no-folder"
        raise UsageError(Message(id_, {"path": str(students)}))


def _can_be_made(folder: Path) -> bool:
    return not folder.exists() and folder.parent.is_dir()


def _course(path: Path | None) -> Course | None:
    if path is None:
        return None
    from grader import course

    return course.read(path)


class _Results:
    """What the gradebook holds, as the course counts it."""

    def __init__(self, gradebook: Gradebook, course: Course | None, wanted: Sequence[str]) -> None:
        self.gradebook = gradebook
        self.course = course
        self.wanted = list(wanted) or None
        self.undated = Undated(course)

    def __iter__(self) -> Iterator[Graded]:
        graded = self.gradebook.graded(exercises=self.wanted)
        for one in graded if self.course is None else self.course.marked(graded):
            self.undated.see(one)
            yield one

    def exercises(self) -> list[str]:
        """Those that are covered. Raises UsageError where there are none, or not all that are
        wanted."""
        there = sorted({one.attempt.exercise for one in self})
        missing = [name for name in self.wanted or [] if name not in there]
        others = self.gradebook.exercises() if not there and not self.wanted else []
        if others:
            where = {"gradebook": self.gradebook.name, "names": sorted(others)}
            raise UsageError(Message("export.other-course", where))
        if missing or not there:
            params = {"gradebook": self.gradebook.name, "exercise": ", ".join(missing)}
            id_ = "usage.report-no-exercise" if missing else "usage.report-nothing"
            raise UsageError(Message(id_, params))
        return there


def _page(
    results: _Results,
    covered: Sequence[str],
    course: Course | None,
    sources: dict[str, str] | None,
    link: Callable[[str], str] | None,
    anonymous: bool,
) -> str:
    from grader.reports import class_report

    return class_report.page(
        results,
        results.gradebook.students(),
        about={id_: about for id_ in covered if (about := _about(id_)) is not None},
        weights=None if course is None else course.weights(covered),
        sources=sources,
        link=link,
        anonymous=anonymous,
        title=course.title if course else "",
        notes=results.undated.note(),  # all have been seen, to know what is covered
    )


def _about(exercise: str) -> About | None:
    """What the curriculum says about an exercise; None where it is of another version."""
    from grader import curriculum, exercises
    from grader.reports.class_report import About

    if exercise not in curriculum.ids():
        return None
    declared = curriculum.load(exercise)
    stub = exercises.stub(exercise)
    # The worked answers are not shipped; an instructor's copy of the repository has them.
    given = [stub, stub.parents[1] / "solutions" / stub.name]
    texts = tuple(path.read_text(encoding="utf-8") for path in given if path.is_file())
    return About(declared.topic, frozenset(f.name for f in declared.functions), texts)


def _sources(download: Path, covered: Sequence[str]) -> dict[str, str]:
    """The text of every submission in the download, by digest."""
    from grader import curriculum, intake

    known = [exercise for exercise in covered if exercise in curriculum.ids()]
    texts: dict[str, str] = {}
    for found in intake.read(download, exercises=known).found:
        if found.attempt.digest not in texts:
            try:
                main = found.load().main
            except UsageError:  # it was no text when it was graded either
                continue
            texts[found.attempt.digest] = "\n\n".join(main.cells)
    return texts


def _link(out: Path, students: Path | None) -> Callable[[str], str] | None:
    if students is None:
        return None
    from grader.reports.student_report import filename

    folder = Path(os.path.relpath(students, out.parent)).as_posix()
    return lambda id_: quote(f"{folder}/{filename(id_)}")


def _write_students(results: _Results, sources: dict[str, str] | None, folder: Path) -> int:
    """A page for everybody, whether or not they handed something in; how many there are."""
    from grader.reports import student_report
    from grader.reports.student_report import filename

    waiting = {student.id: student for student in results.gradebook.students()}
    written = 0
    for id_, group in groupby(results, lambda one: one.student.id):
        student = waiting.pop(id_)
        shown = (_shown(one, results.course) for one in group)
        page = student_report.page(student, shown, sources=sources)
        (folder / filename(id_)).write_text(page, encoding="utf-8")
        written += 1
    for id_, student in waiting.items():
        page = student_report.page(student, ())
        (folder / filename(id_)).write_text(page, encoding="utf-8")
        written += 1
    return written


def _shown(one: Graded, course: Course | None) -> Graded:
    """As the student may see it."""
    from dataclasses import replace

    return one if course is None else replace(one, document=course.shown(one.document))
