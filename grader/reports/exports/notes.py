"""What did not go as a matter of course, for the one line that says what was written."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course import Course
from grader.model import Message
from grader.records import Graded, Student
from grader.reports.exports.match import Matched
from grader.reports.exports.text import one_line

_NAMED = 10


class Undated:
    """What counts and has a date of the course that could not be applied."""

    def __init__(self, course: Course | None) -> None:
        self._course = course
        self._found: dict[tuple[str, str], bool] = {}
        """By student and exercise: whether it is marked late."""

    def see(self, result: Graded) -> None:
        attempt = result.attempt
        if self._course and result.counts and self._course.undated(attempt):
            self._found[result.student.id, attempt.exercise] = attempt.late is True

    def note(self) -> list[Message]:
        """What there is to say of those that were seen, if there is anything."""
        if not self._found:
            return []
        params = {"number": len(self._found), "late": sum(self._found.values())}
        return [Message("export.untimed", params)]


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
