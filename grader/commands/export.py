"""`grade export`: the gradebook in, a file for an LMS or for a program out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from grader import curriculum
from grader.model import Message, UsageError
from grader.reports.exports import FORMATS
from grader.reports.exports.marks import Done, collect, in_order
from grader.reports.exports.notes import Undated, who
from grader.reports.exports.whole import STANDARD_OUTPUT, folder, output

if TYPE_CHECKING:
    from grader.course import Course
    from grader.gradebook import Gradebook
    from grader.records import Graded, Student
    from grader.reports.exports.table import Percent

_FOR_STUDENTS = (
    "moodle",
    "gradescope",
    "junit",
    "classroom50",
    "github-classroom",
    "github-classroom-env",
)
"""Formats whose text students read."""
_MARKS = ("canvas", "csv", *(name for name in _FOR_STUDENTS if name != "junit"))
"""Formats whose points somebody is marked with."""


def command(
    format: Annotated[str, typer.Argument(help=", ".join(FORMATS) + ".")],
    gradebook: Annotated[
        str, typer.Option(metavar="FILE|URL", help="Where the results are.")
    ] = "gradebook.db",
    out: Annotated[
        Path, typer.Option(metavar="FILE|-", help="Where to; - is standard output.")
    ] = STANDARD_OUTPUT,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="canvas, moodle: the file that the LMS exported, to be filled in.",
        ),
    ] = None,
    course: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A course.toml: penalties, what counts, hidden checks."),
    ] = None,
    student: Annotated[str | None, typer.Option(metavar="ID", help="Only this student.")] = None,
    exercise: Annotated[
        list[str] | None, typer.Option(help="Only this exercise; again for more.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXERCISE=ID",
            help="canvas: the assignment of an exercise, by id or title; again for more.",
        ),
    ] = None,
    long: Annotated[
        bool, typer.Option("--long", help="csv: a row for every attempt, not for every student.")
    ] = False,
    all_attempts: Annotated[
        bool,
        typer.Option(
            "--all-attempts",
            help="jsonl, parquet, junit, csv --long: not only those that count.",
        ),
    ] = False,
) -> int:
    """Results for an LMS (canvas, moodle, gradescope ...) or for a program (csv, jsonl ...)."""
    from grader.course import read
    from grader.gradebook import Gradebook

    _check(format, out, into, column, long)
    with Gradebook.open(gradebook) as opened:
        if out != STANDARD_OUTPUT and out.resolve() == Path(opened.name).resolve():
            raise UsageError(Message("export.gradebook", {"path": str(out)}))
        policy = read(course) if course is not None else None
        there = opened.exercises()
        exercises = [curriculum.named(name, there) for name in exercise or []]
        assignments = _assignments(column or [], there)
        for_students, marks = format in _FOR_STUDENTS, format in _MARKS and not long
        results = _Results(opened, policy, exercises, student, all_attempts, for_students, marks)
        results.check()
        if into is not None:
            done = _into(format, results, into, assignments, out)
        elif format == "gradescope" and student is None and out != STANDARD_OUTPUT:
            from grader.reports.exports import gradescope

            with folder(out) as files:
                gradescope.write_all(results, files)
            done = results.done()
        else:
            with output(out) as file:
                done = _write(format, results, long, file)
    _say(done, results)
    return 0


def _check(
    format: str,
    out: Path,
    into: Path | None,
    columns: list[str] | None,
    long: bool,
) -> None:
    """Raises UsageError for what does not go together, before anything is read."""
    import difflib

    if format not in FORMATS:
        near = difflib.get_close_matches(format.lower(), FORMATS, n=1)
        if near:
            params = {"name": format, "nearest": near[0]}
            raise UsageError(Message("export.unknown-format", params))
        raise UsageError(Message("export.no-such-format", {"name": format, "names": list(FORMATS)}))
    if into is not None and format not in ("canvas", "moodle"):
        raise UsageError(Message("export.into-what", {"format": format}))
    if columns and (format != "canvas" or into is None):
        raise UsageError(Message("export.column-what", {"value": columns[0]}))
    if long and format != "csv":
        raise UsageError(Message("export.long-what"))
    if format == "parquet" and out == STANDARD_OUTPUT and sys.stdout.isatty():
        raise UsageError(Message("export.terminal"))


def _assignments(columns: list[str], there: list[str]) -> dict[str, str]:
    found = {}
    for value in columns:
        exercise, equals, assignment = value.partition("=")
        if not (exercise and equals and assignment.strip()):
            raise UsageError(Message("export.column-what", {"value": value}))
        found[curriculum.named(exercise, there)] = assignment.strip()
    return found


@dataclass
class _Results:
    """What is asked for, and who and what has been in it so far."""

    gradebook: Gradebook
    course: Course | None
    asked: list[str]
    student: str | None
    all_attempts: bool
    for_students: bool
    """Hidden checks without what students do not see of them."""
    marks: bool
    """Without what the grader itself failed over: nobody is marked with that."""
    students: set[str] = field(default_factory=set)
    exercises: set[str] = field(default_factory=set)
    failed: dict[str, Student] = field(default_factory=dict)
    undated: Undated = field(init=False)

    def __post_init__(self) -> None:
        self.undated = Undated(self.course)

    def check(self) -> None:
        """Raises UsageError where there is nothing of what is asked for."""
        name, there = self.gradebook.name, self._there()
        if not there:
            params: dict[str, object] = {"gradebook": name}
            if others := in_order(self.gradebook.exercises()):
                raise UsageError(Message("export.other-course", {**params, "names": others}))
            raise UsageError(Message("export.nothing", params))
        for exercise in self.asked:
            if exercise not in there:
                params = {"gradebook": name, "exercise": exercise, "names": in_order(there)}
                raise UsageError(Message("export.no-exercise", params))
        if self.student is not None and next(iter(self), None) is None:
            params = {"gradebook": name, "student": self.student}
            id_ = "export.no-mark" if self.failed else "export.no-student"
            raise UsageError(Message(id_, params))

    def __iter__(self) -> Iterator[Graded]:
        found = self.gradebook.graded(exercises=self.asked or None, student=self.student)
        if self.course is not None:
            found = self.course.marked(found)
        for result in found:
            if self.marks and result.counts and _failed(result):
                self.failed[result.student.id] = result.student
            elif result.counts or self.all_attempts:
                self.undated.see(result)
                self.students.add(result.student.id)
                self.exercises.add(result.attempt.exercise)
                yield self._shown(result)

    def _shown(self, result: Graded) -> Graded:
        if self.course is None or not self.for_students:
            return result
        return replace(result, document=self.course.shown(result.document))

    def percent(self) -> Percent | None:
        """The mark of the course so far, or of those of its exercises that are asked for."""
        if self.course is None:
            return None
        from grader.course import share

        weights = self.course.weights(self.columns())
        return lambda scores: 100 * share(scores, weights)

    def columns(self) -> list[str]:
        return in_order(self.asked or self._there())

    def _there(self) -> list[str]:
        there = self.gradebook.exercises()
        return [e for e in there if self.course is None or e in self.course.exercises]

    def everybody(self) -> list[Student]:
        people = self.gradebook.students()
        return [someone for someone in people if self.student in (None, someone.id)]

    def only(self, format: str) -> Graded:
        """The one that there is. Raises UsageError where there is not one."""
        found = list(islice(self, 2))
        if len(found) != 1:
            id_ = "export.one-result" if format == "gradescope" else "export.one-student"
            raise UsageError(Message(id_, {"format": format}))
        return found[0]

    def done(self) -> Done:
        return Done(len(self.students), len(self.exercises))


def _failed(result: Graded) -> bool:
    return any(c["message"]["id"] == "batch.failed" for c in result.document["checks"])


def _write(format: str, results: _Results, long: bool, file: BinaryIO) -> Done:
    """Each format's module is imported for itself: pyarrow alone takes a third of a second."""
    match format:
        case "canvas":
            from grader.reports.exports import canvas

            return canvas.write(collect(results), file)
        case "moodle":
            from grader.reports.exports import moodle

            return moodle.write(results, results.everybody(), results.columns(), file)
        case "gradescope":
            from grader.reports.exports import gradescope

            gradescope.write(results.only(format), file)
        case "junit":
            from grader.reports.exports import junit

            junit.write(results, file)
        case "classroom50":
            from grader.reports.exports import classroom

            one = results.only(format)
            classroom.write_json(classroom.classroom50(one, environ, datetime.now(UTC)), file)
        case "github-classroom":
            from grader.reports.exports import classroom

            classroom.write_json(classroom.github(results.only(format)), file)
        case "github-classroom-env":
            from grader.reports.exports import classroom

            classroom.write_variable(classroom.github(results.only(format)), file)
        case "csv":
            from grader.reports.exports import table

            if long:
                table.write_long(results, file)
            else:
                people, columns = results.everybody(), results.columns()
                percent = results.percent()
                table.write_wide(results, people, columns, file, percent, results.failed)
        case "parquet":
            from grader.reports.exports import parquet

            parquet.write(results, file)
        case "jsonl":
            from grader.reports.exports import lines

            lines.write(results, file)
    return results.done()


def _into(format: str, results: _Results, into: Path, columns: dict[str, str], out: Path) -> Done:
    """The file of the LMS with the results in it. Only where `out` names that file itself is it
    written over."""
    from grader.reports.exports import canvas, moodle, sheet

    exported = sheet.read(into)
    if format == "canvas":
        done = canvas.fill(exported, collect(results), columns)
    else:
        done = moodle.fill(exported, results)
    with output(out) as file:
        file.write(exported.encode())
    return done


def _say(done: Done, results: _Results) -> None:
    from grader.reports.words import shown

    counted = Message("export.done", {"students": done.students, "exercises": done.exercises})
    notes = [counted, *done.notes, *results.undated.note()]
    if failed := list(results.failed.values()):
        notes.append(Message("export.failed", {"number": len(failed), "who": who(failed)}))
    print("; ".join(map(shown, notes)), file=sys.stderr)
