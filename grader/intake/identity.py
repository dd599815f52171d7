"""An owner, in a download's words, comes in; the student goes out, or why nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable

from grader.intake.download import shown
from grader.intake.parts import Owner
from grader.model import Message
from grader.records import Student
from grader.roster import Roster

ID_LENGTH = 200


def student(owner: Owner, layout: str, roster: Roster | None) -> Student | Message:
    """The student whose this is. Never a guess: where two could be meant, nobody is."""
    if roster is None:
        return _unlisted(owner)
    match layout:
        case "canvas" | "moodle":
            return _by_name(owner, roster)
        case "gradescope":
            return _by_fields(owner, roster)
        case _:
            return _by_key(owner.key, roster)


def known(name: str, roster: Roster) -> bool:
    """Whether a folder of this name is somebody's."""
    found = _by_key(name, roster)
    return isinstance(found, Student) or found.id == "intake.two-students"


def _unlisted(owner: Owner) -> Student | Message:
    # It becomes a key, a file name and a cell of a table.
    if not owner.key or shown(owner.key, ID_LENGTH) != owner.key:
        return Message("intake.bad-name", {"name": shown(owner.key, 100)})
    name = owner.name if owner.name != owner.key else ""
    return Student(owner.key, name=name, email=owner.email)


def _one(found: Iterable[Student], called: str) -> Student | Message:
    students = {student.id: student for student in found}
    if len(students) == 1:
        return next(iter(students.values()))
    params: dict[str, object] = {"name": shown(called, 100)}
    if not students:
        return Message("intake.unknown-student", params)
    params["students"] = [shown(id, 100) for id in sorted(students)[:5]]
    return Message("intake.two-students", params)


def _by_name(owner: Owner, roster: Roster) -> Student | Message:
    """Canvas's number where the roster has it; else the name, and the number between two."""
    if owner.number in roster.numbers and (known := roster.by_id(owner.number)):
        return known
    named = roster.by_name(owner.name)
    if not named and "-" in owner.name:
        # Moodle writes a group before the name.
        named = roster.by_name(owner.name.partition("-")[2])
    participants = roster.by_participant(owner.number)
    both = [s for s in named if s in participants or s.id == owner.number]
    # Where names are hidden, Moodle's number is all there is.
    return _one(both or named or participants, owner.name)


def _by_fields(owner: Owner, roster: Roster) -> Student | Message:
    if owner.number and (known := roster.by_id(owner.number)):
        return known
    found = roster.by_email(owner.email) if owner.email else ()
    return _one(found or roster.by_name(owner.name), owner.name or owner.key)


def _by_key(key: str, roster: Roster) -> Student | Message:
    """What a folder is called: an id, else an email, a login or a name."""
    if known := roster.by_id(key):
        return known
    found = [*roster.by_email(key), *roster.by_login(key), *roster.by_name(key)]
    if not found and "_" in key:
        # kim_20250001: a name and an id, in any order.
        found = [s for word in key.split("_") if (s := roster.by_id(word))]
    return _one(found, key)
