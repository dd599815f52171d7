"""Moodle's CSV: grades with feedback for Grades > Import, or an assignment's grading worksheet.

What Moodle does with them: grade/import/csv/classes/load_data.php and
mod/assign/feedback/offline of moodle/moodle. Feedback is HTML there.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from grader.model import Message, UsageError
from grader.records import Graded, Student
from grader.reports.exports.marks import Done, in_order
from grader.reports.exports.match import Row, match
from grader.reports.exports.notes import of_match, who
from grader.reports.exports.sheet import Sheet
from grader.reports.exports.table import by_student, rows
from grader.reports.exports.text import cell, feedback, points, two_decimals

_NO_GRADE = "-"
_WORKSHEET = ("Identifier", "Grade", "Maximum Grade", "Last modified (grade)")
_FEEDBACK = "Feedback comments"
_CHANGEABLE = "Grade can be changed"


def write(
    graded: Iterable[Graded],
    students: Sequence[Student],
    exercises: Sequence[str],
    file: BinaryIO,
) -> Done:
    """A column for the grade and one for the feedback of every exercise.

    One user whom Moodle does not know ends its import, and a row without one is taken for the
    user of the row before: a student whose id would not arrive as it is is left out and named,
    and e-mail addresses are a column only if everybody has one of their own.
    """
    present = [student for student in students if _arrives(student.id)]
    emails = Counter(student.email.casefold() for student in present)
    with_email = all(_arrives(s.email) and emails[s.email.casefold()] == 1 for s in present)
    left_out = {student.id: student for student in students if not _arrives(student.id)}
    written = 0
    with rows(file) as table:
        header = ["ID number", *(["Email address"] if with_email else []), "Full name"]
        for exercise in exercises:
            header += [exercise, f"{exercise} feedback"]
        table.writerow(header)
        for student, results in by_student(graded):
            if student.id in left_out:
                continue
            who_it_is = [student.id, *([student.email] if with_email else [])]
            marks = [text for e in exercises for text in _grade(results.get(e))]
            table.writerow([*who_it_is, cell(student.name), *marks])
            written += 1
    notes = []
    if left_out:
        named = list(left_out.values())
        params = {"number": len(named), "who": who(named)}
        notes.append(Message("export.left-out", params))
    if not with_email:
        notes.append(Message("export.no-emails"))
    return Done(written, len(exercises), tuple(notes))


def _arrives(identity: str) -> bool:
    """Whether Moodle reads what is written: it trims, PHP takes "0" for nothing, and a
    spreadsheet must not take it for a formula."""
    return identity not in ("", "0") and cell(identity) == identity


def _grade(result: Graded | None) -> tuple[str, str]:
    if result is None:
        return _NO_GRADE, ""
    return two_decimals(result.score), _html(result)


def _html(result: Graded) -> str:
    return html.escape(feedback(result.document, result.score)).replace("\n", "<br>")


@dataclass(frozen=True)
class _Entry:
    """What goes into a row of a worksheet."""

    student: Student
    exercise: str
    score: float
    max_score: float
    feedback: str


def fill(sheet: Sheet, graded: Iterable[Graded]) -> Done:
    """Sets grade and feedback in the grading worksheet of one assignment.

    Grades are scaled to its maximum. Raises UsageError for another file, and for more than one
    exercise.
    """
    column = {name: number for number, name in enumerate(sheet.header)}
    missing = [name for name in _WORKSHEET if name not in column]
    if missing:
        params = {"path": sheet.name, "names": missing}
        raise UsageError(Message("export.not-worksheet", params))
    entries = {r.student.id: _entry(r) for r in graded if r.counts}
    exercises = in_order({entry.exercise for entry in entries.values()})
    if len(exercises) > 1:
        raise UsageError(Message("export.one-exercise", {"names": exercises}))
    people = _people(sheet)
    matched = match([entry.student for entry in entries.values()], people)
    kept, scaled = 0, set()
    for student, row in matched.rows.items():
        entry = entries[student]
        if _CHANGEABLE in column and sheet.value(row, column[_CHANGEABLE]).strip() == "No":
            kept += 1
            continue
        worth = _number(sheet.value(row, column["Maximum Grade"])) or entry.max_score
        if round(worth, 2) != round(entry.max_score, 2):
            scaled.add((entry.max_score, worth))
        sheet.set(row, column["Grade"], two_decimals(entry.score * worth / entry.max_score))
        if _FEEDBACK in column:
            sheet.set(row, column[_FEEDBACK], entry.feedback)
    notes = [
        Message("export.scaled", {"exercise": e, "from": points(a), "to": points(b)})
        for e in exercises
        for a, b in sorted(scaled)
    ]
    if kept:
        notes.append(Message("export.kept-cells", {"number": kept}))
    notes += of_match(matched, len(people), sheet.name)
    return Done(len(matched.rows), len(exercises), tuple(notes))


def _entry(result: Graded) -> _Entry:
    student, exercise = result.student, result.attempt.exercise
    return _Entry(student, exercise, result.score, result.document["max_score"], _html(result))


def _people(sheet: Sheet) -> list[Row]:
    found = []
    for number in range(1, len(sheet.rows)):
        cells = {
            name: sheet.value(number, column).strip() for column, name in enumerate(sheet.header)
        }
        if not any(cells.values()):
            continue
        participant = re.search(r"\d+$", cells["Identifier"])  # "Participant 1234"
        ids = {"Identifier": participant[0] if participant else cells["Identifier"]}
        ids |= {name: cells[name] for name in ("ID number", "Email address") if name in cells}
        found.append(Row(number, ids, cells.get("Full name", "")))
    return found


def _number(text: str) -> float | None:
    """With a decimal comma or a point."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if number > 0 else None
