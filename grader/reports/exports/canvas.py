"""Canvas's gradebook CSV: the file that it exported with the marks in it, or one of our own.

What its importer does with a file: lib/gradebook_importer.rb of instructure/canvas-lms. It takes
students by ID, then by SIS ids, then by name, and an assignment by the id in parentheses, then
by title; one that it does not know it creates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO

from grader.model import Message, UsageError
from grader.records import Student
from grader.reports.exports.marks import Done, Marks
from grader.reports.exports.match import Row, match
from grader.reports.exports.notes import of_match
from grader.reports.exports.sheet import Sheet
from grader.reports.exports.table import rows
from grader.reports.exports.text import cell, points, two_decimals

_IDS = ("ID", "SIS User ID", "SIS Login ID")
_POINTS = "Points Possible"
_TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
"""Columns that Canvas works out itself."""
_NOT_A_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_KEPT = ("EX", "N/A")
"""Excused, and not assigned to this student: what an instructor decided stays."""


def write(marks: Marks, file: BinaryIO) -> Done:
    """A file of our own, for a course that has none of the assignments yet."""
    with rows(file) as table:
        table.writerow(["Student", *_IDS, "Section", *marks.max_scores])
        possible = [two_decimals(highest) for highest in marks.max_scores.values()]
        table.writerow([f"    {_POINTS}", "", "", "", "", *possible])
        for student in marks.students.values():
            scores = (marks.scores.get((student.id, e)) for e in marks.max_scores)
            shown = ["" if score is None else two_decimals(score) for score in scores]
            table.writerow([*_identity(student), _column(student, "Section"), *shown])
    known = all(any(_column(s, name) for name in _IDS) for s in marks.students.values())
    notes = () if known else (Message("export.canvas-ids"),)
    return Done(len(marks.students), len(marks.max_scores), notes)


def _identity(student: Student) -> list[str]:
    """Name and ids. Where the roster has no column of Canvas's own, the student's id stands for
    the one of the institution: taken for Canvas's number it could be somebody else's."""
    known = [_column(student, name) for name in _IDS]
    if not any(known):
        known = ["", cell(student.id), cell(student.email)]
    # A row is told from that of the points by its first cell.
    name = "" if _POINTS in student.name else cell(student.name)
    return [name, *known]


def _column(student: Student, name: str) -> str:
    found = (v for n, v in student.columns.items() if n.strip().casefold() == name.casefold())
    return cell(next(found, ""))


def fill(sheet: Sheet, marks: Marks, columns: Mapping[str, str]) -> Done:
    """Sets the marks in the file that Canvas exported; `columns` names the assignment of an
    exercise, by id or title, where that is not the exercise's own.

    Points are scaled to what the assignment is worth. Raises UsageError for a file that is not
    one of Canvas's, or has no column for an exercise.
    """
    section = _section(sheet)
    places = {e: _assignment(sheet, section, e, marks, columns.get(e)) for e in marks.max_scores}
    points_row = _points_row(sheet)
    notes, factors = [], {}
    for exercise, column in places.items():
        factors[exercise] = 1.0
        if points_row is not None:
            worth = _worth(sheet, points_row, column)
            highest = marks.max_scores[exercise]
            if worth is None:
                sheet.set(points_row, column, two_decimals(highest))
            elif round(worth, 2) != round(highest, 2):
                factors[exercise] = worth / highest
                params = {"exercise": exercise, "from": points(highest), "to": points(worth)}
                notes.append(Message("export.scaled", params))
    people = _people(sheet, section)
    matched = match(marks.students.values(), people)
    kept = 0
    for (student, exercise), score in marks.scores.items():
        row = matched.rows.get(student)
        if row is None:
            continue
        if sheet.value(row, places[exercise]).strip().upper() in _KEPT:
            kept += 1
            continue
        sheet.set(row, places[exercise], two_decimals(score * factors[exercise]))
    if kept:
        notes.append(Message("export.kept-cells", {"number": kept}))
    notes += of_match(matched, len(people), sheet.name)
    return Done(len(matched.rows), len(places), tuple(notes))


def _section(sheet: Sheet) -> int:
    """The last column about the student. Assignments follow."""
    header = sheet.header
    named = len(header) > 3 and (
        ("Student" in header[0] and "ID" in header[1])
        or (header[:2] == ["LastName", "FirstName"] and "ID" in header[2])
    )
    if not named or "Section" not in header:
        raise UsageError(Message("export.not-canvas", {"path": sheet.name}))
    return header.index("Section")


def _assignment(sheet: Sheet, section: int, exercise: str, marks: Marks, named: str | None) -> int:
    wanted = [named] if named is not None else [exercise, marks.titles[exercise]]
    choices: dict[int, str] = {}
    for column in range(section + 1, len(sheet.header)):
        header = sheet.header[column]
        if not header or _TOTALS.search(header):
            continue
        parts = _TITLE_AND_ID.fullmatch(header)
        title, number = (parts[1], parts[2]) if parts else (header, "")
        choices[column] = header
        for want in wanted:
            if want in (header, number):
                return _writable(sheet, column)
        if any(_alike(want) == _alike(title) for want in wanted):
            choices[column] = ""
    found = [column for column, header in choices.items() if not header]
    if len(found) == 1:
        return _writable(sheet, found[0])
    params = {
        "exercise": exercise,
        "path": sheet.name,
        "names": [sheet.header[c] for c in found or list(choices)[:8]],
    }
    raise UsageError(Message("export.two-columns" if found else "export.no-column", params))


def _alike(title: str) -> str:
    return " ".join(re.split(r"[\s_-]+", title.strip().casefold()))


def _writable(sheet: Sheet, column: int) -> int:
    row = _points_row(sheet)
    if row is not None and "read only" in sheet.value(row, column):
        params = {"column": sheet.header[column], "path": sheet.name}
        raise UsageError(Message("export.read-only", params))
    return column


def _points_row(sheet: Sheet) -> int | None:
    return next((r for r in range(1, len(sheet.rows)) if _POINTS in sheet.value(r, 0)), None)


def _worth(sheet: Sheet, row: int, column: int) -> float | None:
    """The points of an assignment; with a decimal comma, as Canvas reads them, or a point."""
    parts = re.split("[,.]", sheet.value(row, column).strip())
    try:
        worth = float(f"{''.join(parts[:-1])}.{parts[-1]}" if len(parts) > 1 else parts[0])
    except ValueError:
        return None
    return worth if worth > 0 else None


def _people(sheet: Sheet, section: int) -> list[Row]:
    found = []
    for number in range(1, len(sheet.rows)):
        width = max(len(sheet.header), len(sheet.rows[number]))
        cells = [sheet.value(number, column) for column in range(width)]
        if _POINTS in cells[0] or all(_NOT_A_STUDENT.fullmatch(cell) for cell in cells):
            continue
        by_name = dict(zip(sheet.header[: section + 1], cells, strict=False))
        name = f"{cells[0]}, {cells[1]}" if sheet.header[0] == "LastName" else cells[0]
        ids = {name: by_name[name] for name in _IDS if name in by_name}
        found.append(Row(number, ids, name))
    return found
