"""What Canvas's importer makes of a file, by the rules of its lib/gradebook_importer.rb."""

import csv
import io
import re
from dataclasses import dataclass, field

import pytest

from grader.model import UsageError
from grader.records import Graded, Student
from grader.reports.exports import canvas, sheet
from grader.reports.exports.marks import Done, Marks, collect

from .conftest import NAMES, assert_harmless, graded, made, renamed

EXPORTED = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Exercise 1 (501),Essay (502),"
    "Current Score,Final Grade\r\n"
    ",,,,,,Manual Posting,,,\r\n"
    '"    Points Possible",,,,,,10.00,20.00,(read only),(read only)\r\n'
    '"Lovelace, Ada",11,sis-ada,ada@x.org,"A, B",keep me,,15.50,77.5,C\r\n'
    '="=cmd",12,sis-cmd,cmd@x.org,A,,3.00,N/A,,\r\n'
    "홍길동,13,sis-hong,hong@x.org,A,,EX,,,\r\n"
    '"Quote ""Bo"" O\'Hara",14,sis-bo,bo@x.org,A,,,,,\r\n'
)


@dataclass
class Imported:
    """What the importer has understood."""

    assignments: dict[str, float | None] = field(default_factory=dict)
    """Points possible by "id" of one that is known, or by title of one that is created."""
    grades: dict[str, dict[str, str]] = field(default_factory=dict)
    """By user's id, or by name where nobody is known."""


@dataclass
class Canvas:
    """A course: its users as (id, SIS id, login, name), its assignments as id -> title."""

    users: list[tuple[str, str, str, str]]
    assignments: dict[str, str]

    def load(self, data: bytes) -> Imported:
        text = data.decode("utf-8")
        lines = text.splitlines(keepends=True)[:3]
        fields = {}
        for separator in ";,":
            counts = {len(next(csv.reader([line], delimiter=separator), [])) for line in lines}
            fields[separator] = counts.pop() if len(counts) == 1 else 0
        delimiter = ";" if fields[";"] > fields[","] else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        found = Imported()
        header: list[str] = []
        places: dict[int, str] = {}
        for row in rows:
            cells = [self.number(cell) for cell in row]
            if not header:
                header, places = cells, self.header(cells, found)
            elif "Points Possible" in cells[0]:
                for place, name in places.items():
                    found.assignments[name] = float(cells[place]) if cells[place] else None
            elif all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", c, re.I) for c in cells):
                continue
            else:
                who = self.user(dict(zip(header, cells, strict=True)), cells)
                assert who not in found.grades, f"{who} is there twice"
                found.grades[who] = {n: cells[p].strip() for p, n in places.items()}
        return found

    @staticmethod
    def number(cell: str) -> str:
        """decimal_comma_to_period"""
        if not re.fullmatch(r"-?[0-9.,]+%?", cell):
            return cell
        *before, last = re.split("[,.]", cell)
        return f"{''.join(before)}.{last}" if before else last

    def header(self, cells: list[str], found: Imported) -> dict[int, str]:
        assert len(cells) > 3 and "Student" in cells[0] and "ID" in cells[1]
        columns = 3
        if re.search(r"SIS\s+Login\s+ID", cells[2]):
            columns += 1
        elif re.search(r"SIS\s+User\s+ID", cells[2]) and re.search(r"SIS\s+Login\s+ID", cells[3]):
            columns += 2
        custom = ["Notes"] if "Notes" in cells else []
        assert "Section" in cells[columns - 1]
        places = {}
        for place in range(columns + len(custom), len(cells)):
            title = cells[place]
            if re.search(r"(Current|Final|Override) (Score|Points|Grade)|Override Status", title):
                continue
            parts = re.fullmatch(r"(.*)\s\((\d+)\)", title, re.DOTALL)
            number = parts[2] if parts and parts[2] in self.assignments else None
            if number is None:
                number = next((i for i, t in self.assignments.items() if t == title), None)
            places[place] = number or (parts[1] if parts else title)
            found.assignments[places[place]] = None
        return places

    def user(self, row: dict[str, str], cells: list[str]) -> str:
        for column, part in (("ID", 0), ("SIS User ID", 1), ("SIS Login ID", 2), ("Student", 3)):
            for user in self.users:
                if row.get(column) and user[part] == row[column]:
                    return user[0]
        return f"new: {cells[0]}"


COURSE = Canvas(
    [
        ("11", "sis-ada", "ada@x.org", "Lovelace, Ada"),
        ("12", "sis-cmd", "cmd@x.org", "=cmd"),
        ("13", "sis-hong", "hong@x.org", "홍길동"),
        ("14", "sis-bo", "bo@x.org", 'Quote "Bo" O\'Hara'),
    ],
    {"501": "Exercise 1", "502": "Essay"},
)


def filled(
    *results: Graded, exported: str = EXPORTED, columns: dict[str, str] | None = None
) -> tuple[str, Done]:
    table = sheet.parse(exported.encode(), "exported.csv")
    done = canvas.fill(table, collect(results), columns or {})
    return table.encode().decode(), done


def notes(done: Done) -> dict[str, object]:
    """Who is named, but for the rows that nobody is named for."""
    return {n.id: n.params.get("who") for n in done.notes if n.id != "export.rows-left"}


def written(results: list[Graded]) -> tuple[bytes, Done]:
    file = io.BytesIO()
    done = canvas.write(collect(results), file)
    return file.getvalue(), done


# --- a file that Canvas exported ----------------------------------------------------------------


def test_the_file_before_anything_is_set_is_one_that_the_importer_takes() -> None:
    found = COURSE.load(EXPORTED.encode())
    assert found.assignments == {"501": 10.0, "502": 20.0}
    assert set(found.grades) == {"11", "12", "13", "14"}


def test_one_cell_changes_and_nothing_else() -> None:
    text, done = filled(graded(Student("11", "Ada"), made((1.5, 6.0))))
    assert text == EXPORTED.replace("keep me,,15.50", "keep me,7.50,15.50")
    assert (done.students, done.exercises) == (1, 1)
    [note] = done.notes
    assert (note.id, note.params["number"]) == ("export.rows-left", 3)
    assert COURSE.load(text.encode()).grades["11"] == {"501": "7.50", "502": "15.50"}


@pytest.mark.parametrize(
    "student",
    [
        Student("11"),
        Student("sis-ada"),
        Student("ada@x.org"),
        Student("anything", email="ADA@x.org"),
        Student("anything", columns={"ID": "11"}),
        Student("12", columns={"id": "11"}),
        Student("anything", columns={"SIS User ID": "sis-ada"}),
        Student("anything", columns={"SIS Login ID": "ada@x.org"}),
        Student("anything", "Lovelace, Ada"),
        Student("anything", "ada  LOVELACE"),
    ],
)
def test_a_student_is_found_by_ids_and_then_by_name(student: Student) -> None:
    text, done = filled(graded(student))
    assert COURSE.load(text.encode()).grades["11"]["501"] == "10.00"
    assert done.students == 1
    by_name = "export.by-name" in notes(done)
    assert by_name == bool(student.name)


def test_names_that_a_spreadsheet_quotes_are_found() -> None:
    text, done = filled(graded(Student("a", "=cmd")), graded(Student("b", "홍길동")))
    assert COURSE.load(text.encode()).grades["12"]["501"] == "10.00"
    assert done.students == 2


def test_who_could_be_two_is_neither() -> None:
    # The id of one row, the SIS id of another.
    exported = EXPORTED.replace("sis-hong", "11")
    text, done = filled(graded(Student("11", "Ada")), exported=exported)
    assert text == exported
    assert notes(done) == {"export.unsure": "11 Ada"}


def test_two_of_one_name_are_neither() -> None:
    exported = EXPORTED + '"Lovelace, Ada",15,,,A,,,,,\r\n'
    text, done = filled(graded(Student("x", "Ada Lovelace")), exported=exported)
    assert text == exported
    assert "export.unsure" in notes(done)
    text, done = filled(graded(Student("x", "Ada Lovelace")), graded(Student("y", "Lovelace, Ada")))
    assert text == EXPORTED
    assert "export.unsure" in notes(done)


def test_an_id_wins_over_a_name_of_the_same_row() -> None:
    text, done = filled(
        graded(Student("x", "Ada Lovelace"), made((0.0, 0.0))), graded(Student("11", "A. L."))
    )
    assert COURSE.load(text.encode()).grades["11"]["501"] == "10.00"
    assert notes(done) == {"export.unsure": "x Ada Lovelace"}


def test_who_is_not_in_the_file_is_named() -> None:
    results = [graded(Student(f"z{n}", f"Nobody {n}")) for n in range(12)]
    text, done = filled(*results)
    assert text == EXPORTED
    assert str(notes(done)["export.absent"]).endswith("z9 Nobody 9 … (+2)")


def test_excused_stays_excused_and_what_is_not_assigned_is_not_given() -> None:
    text, done = filled(
        graded("13"), graded("12", made(exercise="exercise-2")), columns={"exercise-2": "502"}
    )
    assert text == EXPORTED
    assert list(notes(done)) == ["export.scaled", "export.kept-cells"]


def test_points_are_scaled_to_what_the_assignment_is_worth() -> None:
    text, done = filled(graded("11", made((1.5, 6.0))), columns={"exercise-1": "Essay"})
    assert COURSE.load(text.encode()).grades["11"] == {"501": "", "502": "15.00"}
    assert dict(done.notes[0].params) == {"exercise": "exercise-1", "from": "10", "to": "20"}


def test_an_assignment_without_points_gets_the_exercises() -> None:
    exported = EXPORTED.replace("10.00,20.00", ",20.00")
    text, _ = filled(graded("11"), exported=exported)
    assert COURSE.load(text.encode()).assignments["501"] == 10.0


def test_semicolons_and_decimal_commas() -> None:
    exported = (
        "Student;ID;SIS Login ID;Section;exercise-1 (501)\r\n"
        "    Points Possible;;;;10,00\r\n"
        "Ada;11;ada@x.org;A, B;1,5\r\n"
    )
    text, done = filled(graded("11", made((1.5, 6.0))), exported=exported)
    assert text == exported.replace("1,5", "7.50")
    assert COURSE.load(text.encode()).grades["11"]["501"] == "7.50"
    assert not done.notes


def test_last_and_first_name_in_columns_of_their_own() -> None:
    exported = "LastName,FirstName,ID,SIS Login ID,Section,exercise-1\r\nLovelace,Ada,,,A,\r\n"
    text, _ = filled(graded(Student("x", "Ada Lovelace")), exported=exported)
    assert text.endswith("Lovelace,Ada,,,A,10.00\r\n")


@pytest.mark.parametrize(
    ("exported", "columns", "id_"),
    [
        ("name,points\na,1\n", {}, "export.not-canvas"),
        ("", {}, "export.not-canvas"),
        ("Student,ID,SIS Login ID,Other\n", {}, "export.not-canvas"),
        (EXPORTED.replace("Exercise 1", "Homework"), {}, "export.no-column"),
        (EXPORTED, {"exercise-1": "999"}, "export.no-column"),
        (EXPORTED, {"exercise-1": "Current Score"}, "export.no-column"),
        (EXPORTED.replace("Essay", "exercise-1"), {}, "export.two-columns"),
        (EXPORTED.replace("10.00,", "(read only),"), {}, "export.read-only"),
    ],
)
def test_what_is_not_certain_is_refused(exported: str, columns: dict[str, str], id_: str) -> None:
    with pytest.raises(UsageError) as caught:
        filled(graded("11"), exported=exported, columns=columns)
    assert caught.value.message.id == id_


def test_only_what_counts_is_written() -> None:
    first = graded("11", made((0.0, 0.0)), counts=False)
    text, _ = filled(first, graded("11", made((1.5, 6.0)), score=7.1251, number=2))
    assert COURSE.load(text.encode()).grades["11"]["501"] == "7.13"


# --- a file of our own --------------------------------------------------------------------------


def test_names_of_every_kind_come_through_the_importer(hostile: list[Graded]) -> None:
    results = [
        renamed(r, columns={"ID": str(100 + n), "SIS User ID": "", "Section": r.student.name})
        for n, r in enumerate(hostile)
    ]
    data, done = written(results)
    users = [(str(100 + n), "", "", name) for n, name in enumerate(NAMES)]
    found = Canvas(users, {}).load(data)
    assert found.assignments == {"exercise-1": 10.0}
    assert found.grades == {user[0]: {"exercise-1": "8.50"} for user in users}
    assert (done.students, done.notes) == (len(NAMES), ())


def test_no_cell_is_a_formula(hostile: list[Graded]) -> None:
    data, _ = written(hostile)
    assert_harmless(data)


def test_without_canvas_columns_ids_are_those_of_the_institution() -> None:
    """A number of somebody else's in Canvas's own column would give them the points."""
    data, done = written([graded(Student("11", "Hong", "hong@x.org"))])
    users = [("11", "", "", "Ada"), ("13", "11", "", "Hong")]
    found = Canvas(users, {}).load(data)
    assert set(found.grades) == {"13"}
    assert [note.id for note in done.notes] == ["export.canvas-ids"]


def test_exercises_stand_in_the_order_of_the_course() -> None:
    results = [graded("a", made(exercise=f"exercise-{n}")) for n in (10, 2)]
    data, _ = written([*results, graded("b", made((0.0, 6.0), exercise="exercise-2"))])
    golden = (
        "Student,ID,SIS User ID,SIS Login ID,Section,exercise-2,exercise-10\r\n"
        "    Points Possible,,,,,10.00,10.00\r\n"
        "Name a,,a,,,10.00,10.00\r\n"
        "Name b,,b,,,6.00,\r\n"
    )
    assert data.decode() == golden


def test_nothing_graded_is_an_empty_class() -> None:
    assert collect([]) == Marks()
