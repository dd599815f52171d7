"""The list of a class comes in, as a CSV file of any LMS; its students go out, found by what
a download calls them.

What the instructor can put right is a `UsageError`; `line` counts the lines of the file:

    roster.unreadable   file, reason        roster.too-large    file, limit
    roster.spreadsheet  file                roster.encoding     file, line, encoding
    roster.csv          file, line          roster.header       file, columns
    roster.column-twice file, column        roster.cells        file, line, columns
    roster.no-id        file, line, column  roster.id           file, line, cell
    roster.all-empty    file, columns       roster.no-name      file, number (of the column)
    roster.id-twice     file, line, cell, other (the line of the first)
    roster.empty        file
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from grader.model import Message, UsageError
from grader.records import Student
from grader.sandbox.inert import inert

FILE_BYTES = 64 << 20
"""A Canvas gradebook of 50,000 students with a hundred assignments has 20 MB."""

# Headers as `_plain` leaves them. A plain roster, Gradescope, Moodle, GitHub Classroom,
# Canvas; what the university knows a student by before what one system does, because the
# gradebook outlives a system. Moodle's "Identifier" comes last: it is another number for
# every assignment.
_ID = (
    "id", "student id", "student number", "id number", "sid", "identifier", "username",
    "github username", "sis user id", "login", "email", "email address", "participant",
)  # fmt: skip
_OF_A_SYSTEM = _ID.index("username")
"""From here on they are what a system calls somebody, for want of an id."""
_NAME = ("name", "full name", "student", "student name")
_FIRST = ("first name", "given name")
_LAST = ("last name", "surname", "family name")
_EMAIL = ("email", "email address", "e mail", "mail")
_LOGIN = ("login", "login id", "sis login id", "username", "user name", "github username")
_TOLD = 10
"""Lines that are named, of all that lack the same."""
_PARTICIPANT = re.compile(r"Participant ([0-9]+)", re.IGNORECASE)


# --- names ---------------------------------------------------------------------------------


def folded(text: str) -> str:
    """A key for comparing: one Unicode spelling, upper and lower case alike, single spaces."""
    return " ".join(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split()
    )


def squeezed(text: str) -> str:
    """As Canvas writes a name into that of a file: `Kim, Min-ju` is `kimminju`."""
    return "".join(c for c in folded(text) if unicodedata.category(c)[0] in "LMN")


def spellings(name: str) -> set[str]:
    """The squeezed forms of a name: `Kim, Min Ju`, `Min Ju Kim`, `kimminju` have one in common.

    Where there is no comma, any word may be the first of the family name.
    """
    if "," in name:
        last, _, first = name.partition(",")
        orders = [[last, first], [first, last]]
    else:
        words = folded(name).split()
        orders = [words[i:] + words[:i] for i in range(len(words))][:8]
    return {squeezed("".join(order)) for order in orders} - {""}


def _in_order(name: str) -> str:
    """First names, then the family name, where a comma says which is which."""
    last, comma, first = name.partition(",")
    return folded(f"{first} {last}" if comma else name)


# --- the roster ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Roster:
    """The students of a class, in the order of the file.

    A lookup gives everybody who fits: two students may share a name, and whoever asks has
    to say so rather than take the first.
    """

    students: tuple[Student, ...]
    numbers: frozenset[str] = frozenset()
    """The ids, where they are Canvas's own: those are in the names of the files, too."""
    _ids: Mapping[str, Student] = field(default_factory=dict, repr=False)
    _emails: Mapping[str, tuple[Student, ...]] = field(default_factory=dict, repr=False)
    _logins: Mapping[str, tuple[Student, ...]] = field(default_factory=dict, repr=False)
    _names: Mapping[str, tuple[Student, ...]] = field(default_factory=dict, repr=False)
    _participants: Mapping[str, tuple[Student, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.students)

    def __iter__(self) -> Iterator[Student]:
        return iter(self.students)

    def by_id(self, id: str) -> Student | None:
        return self._ids.get(folded(id))

    def by_email(self, email: str) -> tuple[Student, ...]:
        return self._emails.get(folded(email), ())

    def by_login(self, login: str) -> tuple[Student, ...]:
        """By a user name of the LMS or of GitHub, or the part of an email before the @."""
        return self._logins.get(folded(login), ())

    def by_name(self, name: str) -> tuple[Student, ...]:
        """By `Min Ju Kim`, `Kim, Min Ju` or `kimminju`, upper and lower case alike."""
        found = {
            student.id: student
            for spelling in spellings(name)
            for student in self._names.get(spelling, ())
        }
        same = [s for s in found.values() if _in_order(s.name) == _in_order(name)]
        return tuple(same or found.values())

    def by_participant(self, number: str) -> tuple[Student, ...]:
        """By the number that Moodle gave a student for one assignment."""
        return self._participants.get(number, ())


def of(students: Iterable[Student], *, canvas: bool = False) -> Roster:
    """The roster of these students; `canvas` where their ids are Canvas's own numbers."""
    students = tuple(students)
    emails: dict[str, dict[str, Student]] = {}
    logins: dict[str, dict[str, Student]] = {}
    names: dict[str, dict[str, Student]] = {}
    participants: dict[str, dict[str, Student]] = {}

    def put(index: dict[str, dict[str, Student]], key: str, student: Student) -> None:
        if key:
            index.setdefault(key, {})[student.id] = student

    for student in students:
        put(emails, folded(student.email), student)
        put(logins, folded(student.email.partition("@")[0]), student)
        for spelling in spellings(student.name):
            put(names, spelling, student)
        for column, cell in student.columns.items():
            if _plain(column) in _LOGIN:
                put(logins, folded(cell), student)
            if number := _PARTICIPANT.fullmatch(cell.strip()):
                put(participants, number[1], student)
        if number := _PARTICIPANT.fullmatch(student.id):
            put(participants, number[1], student)
    return Roster(
        students,
        frozenset(s.id for s in students) if canvas else frozenset(),
        {folded(s.id): s for s in students},
        *(
            {key: tuple(found.values()) for key, found in index.items()}
            for index in (emails, logins, names, participants)
        ),
    )


# --- reading -------------------------------------------------------------------------------


def read(path: Path) -> Roster:
    """The students in a CSV file with a header: what Canvas (gradebook), Moodle (participants,
    grading worksheet), Gradescope and GitHub Classroom export, or `id,name,email`.

    Raises UsageError, with the ids at the top of this module.
    """
    reading = _Reading(inert(path.name))
    rows = reading.rows(reading.text(path))
    header = next(rows, None)
    if header is None:
        reading.refuse("empty")
    return reading.students([_clean(name) for name in header[1]], list(rows))


@dataclass
class _Reading:
    file: str

    def refuse(self, id: str, **params: object) -> NoReturn:
        raise UsageError(Message(f"roster.{id}", {"file": self.file, **params}))

    def text(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                data = file.read(FILE_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self.refuse("unreadable", reason=reason.lower())
        if len(data) > FILE_BYTES:
            self.refuse("too-large", limit=FILE_BYTES)
        if data.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
            self.refuse("spreadsheet")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
            self.refuse("encoding", line=1, encoding="UTF-16")
        try:
            return data.removeprefix(codecs.BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.refuse("encoding", line=line, encoding=_likely(data))

    def rows(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, each with the number of its first line."""
        first = re.match(r"sep=(.)\r?\n", text)  # how a table tells Excel its delimiter
        body = text[first.end() :] if first else text
        skipped = 1 if first else 0
        delimiter = first[1] if first else _delimiter(body)
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
        line = skipped + 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.refuse("csv", line=line)
            if any(cell.strip() for cell in row):
                yield line, row
            line = skipped + reader.line_num + 1

    def students(self, header: list[str], rows: list[tuple[int, list[str]]]) -> Roster:
        columns = [_plain(name) for name in header]
        for index, column in enumerate(columns):
            if column and column in columns[:index]:
                self.refuse("column-twice", column=inert(header[index]))
        for line, row in rows:
            if any(map(_clean, row[len(header) :])):
                self.refuse("cells", line=line, columns=len(header))
            row += [""] * (len(header) - len(row))
        canvas = "student" in columns and "id" in columns and "section" in columns
        if canvas:
            rows = _after_points(rows, columns.index("student"))
        key = self._id_column(header, columns, rows)
        self._check_ids([(line, _clean(row[key])) for line, row in rows], header[key])
        name, first, last, email = (
            next((columns.index(n) for n in names if n in columns), None)
            for names in (_NAME, _FIRST, _LAST, _EMAIL)
        )
        rest = [i for i, h in enumerate(header) if h and i not in (key, name, email)]
        named = [first, last] if name is None else [name]

        students: dict[str, Student] = {}
        lines: dict[str, int] = {}
        for line, row in rows:
            id = self._id(_clean(row[key]), line)
            if folded(id) in lines:
                self.refuse("id-twice", line=line, cell=inert(id), other=lines[folded(id)])
            lines[folded(id)] = line
            students[id] = Student(
                id,
                name=" ".join(_clean(row[i]) for i in named if i is not None).strip(),
                email="" if email is None else _clean(row[email]),
                columns={header[i]: row[i] for i in rest},
            )
        if not students:
            self.refuse("empty")
        return of(students.values(), canvas=canvas and columns[key] == "id")

    def _id_column(
        self, header: list[str], columns: list[str], rows: list[tuple[int, list[str]]]
    ) -> int:
        """The first column that can tell students apart and is not empty throughout.

        The columns alone decide, not how full they are: ids that turn into emails because
        of one new student would tear a gradebook in two.
        """
        if not rows:
            self.refuse("empty")
        candidates = [
            (_ID.index("participant" if _is_participant(name, index, rows) else name), index)
            for index, name in enumerate(columns)
            if name in _ID and any(_clean(row[index]) for _, row in rows)
        ]
        place, key = min(candidates, default=(len(_ID), -1))
        filled = [any(_clean(row[index]) for _, row in rows) for index in range(len(header))]
        unnamed = [i for i, name in enumerate(columns) if not name and filled[i]]
        if unnamed and place >= _OF_A_SYSTEM:  # it may well be the id
            self.refuse("no-name", number=unnamed[0] + 1)
        if key < 0:
            empty = [inert(h, 40) for h, name in zip(header, columns, strict=True) if name in _ID]
            named = [inert(name, 40) for name in header if name][:12]
            self.refuse("all-empty" if empty else "header", columns=empty or named)
        return key

    def _check_ids(self, cells: list[tuple[int, str]], column: str) -> None:
        """Refuses what has no id, all of it at once."""
        lines = [line for line, cell in cells if not cell]
        if lines:
            told = ", ".join(map(str, lines[:_TOLD]))
            more = f" … (+{len(lines) - _TOLD})" if len(lines) > _TOLD else ""
            self.refuse("no-id", line=lines[0], lines=told + more, column=inert(column))

    def _id(self, cell: str, line: int) -> str:
        if inert(cell, 200) != cell or "\n" in cell or "\t" in cell:
            self.refuse("id", line=line, cell=inert(cell, 200))
        return cell


def _is_participant(name: str, index: int, rows: list[tuple[int, list[str]]]) -> bool:
    """Whether a column is Moodle's Identifier rather than GitHub Classroom's."""
    return name == "identifier" and any(
        _PARTICIPANT.fullmatch(_clean(row[index])) for _, row in rows
    )


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def _plain(header: str) -> str:
    return " ".join(re.split(r"[\s_-]+", folded(header)))


def _delimiter(text: str) -> str:
    """The one that splits the header into the most names that are known."""
    known = {*_ID, *_NAME, *_FIRST, *_LAST, *_EMAIL, *_LOGIN}
    line = next((line for line in text.splitlines() if line.strip()), "")

    def score(delimiter: str) -> tuple[int, int]:
        cells = line.replace('"', "").split(delimiter)
        return sum(_plain(cell) in known for cell in cells), len(cells)

    return max(",;\t", key=score)


def _after_points(rows: list[tuple[int, list[str]]], student: int) -> list[tuple[int, list[str]]]:
    """A Canvas gradebook tells the points, and who posts grades, before the first student."""
    for index, (_, row) in enumerate(rows[:3]):
        if row[student].strip().lower() == "points possible":
            return rows[index + 1 :]
    return rows


def _likely(data: bytes) -> str:
    """The name of the encoding that a spreadsheet has probably saved in."""
    for encoding in ("cp949", "cp932", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any("\uac00" <= c <= "\ud7a3" or "\u3040" <= c <= "\u9fff" for c in text):
            return encoding
    return "cp1252"
