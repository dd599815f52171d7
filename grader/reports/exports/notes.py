"""What did not go as a matter of course, for the one line that says what was written."""

from __future__ import annotations

from collections.abc import Sequence

from grader.model import Message
from grader.records import Student
from grader.reports.exports.match import Matched
from grader.reports.exports.text import one_line

_NAMED = 10


def of_match(matched: Matched, rows: int, path: str) -> list[Message]:
    """Who is not in the LMS's file of so many rows, and who only by name."""
    notes = []
    if left := rows - len(matched.rows):
        notes.append(Message("export.rows-left", {"number": left, "path": path}))
    for id_, students in (
        ("export.absent", matched.absent),
        ("export.unsure", matched.unsure),
        ("export.by-name", matched.by_name),
    ):
        if students:
            params = {"number": len(students), "path": path, "who": who(students)}
            notes.append(Message(id_, params))
    return notes


def who(students: Sequence[Student]) -> str:
    """`1001 Ada, 1002 and 3 more`."""
    shown = [one_line(f"{s.id} {s.name}".strip())[:80] for s in students[:_NAMED]]
    more = len(students) - len(shown)
    return ", ".join(shown) + (f" … (+{more})" if more else "")
