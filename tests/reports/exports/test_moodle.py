"""What Moodle's importers make of a file, by the rules of grade/import/csv/classes/load_data.php
and mod/assign/feedback/offline."""

import html
import io
import re
from html.parser import HTMLParser

import pytest

from grader.model import UsageError
from grader.records import Graded, Student
from grader.reports.exports import moodle, sheet
from grader.reports.exports.marks import Done
from grader.reports.exports.text import feedback

from .conftest import NAMES, assert_harmless, graded, made, renamed

WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 71,Ada Lovelace,1001,ada@x.org,"Submitted for grading - ",,10.00,Yes,'
    '"Sunday, 1 March 2026, 9:30 AM",-,\r\n'
    "Participant 72,홍길동,1002,hong@x.org,No submission - ,3.00,10.00,Yes,-,-,old\r\n"
    'Participant 73,"O\'Hara ""Bo""",1003,bo@x.org,Submitted,1.00,10.00,No,-,-,locked\r\n'
)


class ImportAbortedError(Exception):
    """The import is undone."""


def imported(
    data: bytes, users: dict[str, str], mapping: dict[str, str]
) -> tuple[dict[str, dict[str, float | None]], dict[str, dict[str, str]]]:
    """Grades and feedback by user; `users` from identity to user, `mapping` of the columns."""
    header, *lines = assert_harmless(data)
    grades: dict[str, dict[str, float | None]] = {}
    comments: dict[str, dict[str, str]] = {}
    user = None  # kept from one line to the next, as there
    for line in lines:
        new, said = {}, {}
        for name, value in zip(header, map(str.strip, line), strict=True):
            match mapping.get(name, "").split("_"):
                case ["identity"]:
                    if value not in ("", "0"):
                        user = users.get(value)
                        if user is None:
                            raise ImportAbortedError(value)
                case ["grade"]:
                    new[name] = None if value in ("", "-") else float(value)
                    if (new[name] or 0) > 100:
                        raise ImportAbortedError(value)
                case ["feedback", of]:
                    said[of] = value
        if user is None:
            raise ImportAbortedError(line)
        assert user not in grades, "a line is taken for the user of another"
        grades[user], comments[user] = new, said
    return grades, comments


def written(
    results: list[Graded], exercises: tuple[str, ...] = ("exercise-1",)
) -> tuple[bytes, Done]:
    file = io.BytesIO()
    people = list({r.student.id: r.student for r in results}.values())
    done = moodle.write(results, people, exercises, file)
    return file.getvalue(), done


MAPPING = {"exercise-1": "grade", "exercise-1 feedback": "feedback_exercise-1"}


class Seen(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags = "", set[str]()
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.text += "\n" if tag == "br" else ""


@pytest.mark.parametrize("column", ["ID number", "Email address"])
def test_names_of_every_kind_come_through_the_importer(hostile: list[Graded], column: str) -> None:
    data, done = written(hostile)
    users = {f"s{n:02}{'@example.org' * (column[0] == 'E')}": name for n, name in enumerate(NAMES)}
    grades, comments = imported(data, users, {column: "identity", **MAPPING})
    assert grades == {name: {"exercise-1": 8.5} for name in NAMES}
    for result, said in zip(hostile, comments.values(), strict=True):
        seen = Seen(said["exercise-1"])
        assert seen.tags == {"br"}
        assert seen.text == feedback(result.document, result.score)
    assert (done.students, done.exercises, done.notes) == (len(NAMES), 1, ())


@pytest.mark.parametrize("identity", ["=1+1", "@x", "0", " a", "a\nb", "a\u202eb", "-x"])
def test_an_id_that_would_not_arrive_is_left_out(identity: str) -> None:
    """It would end the import, or give the points to the student before."""
    data, done = written([graded("a"), graded(Student(identity, "Mallory"))])
    grades, _ = imported(data, {"a": "Ada"}, {"ID number": "identity", **MAPPING})
    assert grades == {"Ada": {"exercise-1": 10.0}}
    assert done.notes[0].id == "export.left-out"
    assert "Mallory" in str(done.notes[0].params["who"])
    assert done.students == 1


@pytest.mark.parametrize("email", ["", "a@x.org", "A@x.org", "=b@x.org"])
def test_addresses_are_a_column_only_if_everybody_has_one_of_their_own(email: str) -> None:
    results = [
        graded(Student("a", email="a@x.org")),
        graded(Student("b", email=email)),
    ]
    data, done = written(results)
    assert assert_harmless(data)[0][:2] == ["ID number", "Full name"]
    assert [note.id for note in done.notes] == ["export.no-emails"]


def test_nothing_handed_in_is_no_grade_rather_than_none() -> None:
    first = graded("a", counts=False, document=made((0.0, 0.0)))
    results = [first, graded("a", number=2), graded("b", made(exercise="exercise-2"), score=7.125)]
    results = [renamed(r, name=f"=Name {r.student.id}", email="") for r in results]
    data, _ = written(results, ("exercise-1", "exercise-2"))
    golden = (
        "ID number,Full name,exercise-1,exercise-1 feedback,exercise-2,exercise-2 feedback\r\n"
        "a,'=Name a,10.00,Score 10 / 10<br>σ′(x): part 1: 4 / 4<br>σ′(x): part 2: 6 / 6,-,\r\n"
        "b,'=Name b,-,,7.12,Score 7.12 / 10<br>10 before penalties<br>σ′(x): part 1: 4 / 4"
        "<br>σ′(x): part 2: 6 / 6\r\n"
    )
    assert data.decode() == golden
    mapping = dict.fromkeys(("exercise-1", "exercise-2"), "grade")
    grades, _ = imported(data, {"a": "A", "b": "B"}, {"ID number": "identity", **mapping})
    assert grades == {
        "A": {"exercise-1": 10.0, "exercise-2": None},
        "B": {"exercise-1": None, "exercise-2": 7.12},
    }


# --- a grading worksheet ------------------------------------------------------------------------


def offline(data: bytes) -> dict[str, tuple[str, str, str]]:
    """Grade, when it was last changed, and feedback, by participant."""
    header, *lines = assert_harmless(data)
    place = {name: header.index(name) for name in header}
    found = {}
    for line in lines:
        number = line[place["Identifier"]].removeprefix("Participant ")
        names = ("Grade", "Last modified (grade)", "Feedback comments")
        found[number] = tuple(line[place[name]] for name in names)
    return found  # type: ignore[return-value]


def filled(*results: Graded, worksheet: str = WORKSHEET) -> tuple[str, Done]:
    table = sheet.parse(worksheet.encode(), "grades.csv")
    done = moodle.fill(table, results)
    return table.encode().decode(), done


@pytest.mark.parametrize(
    "student",
    [
        Student("71"),
        Student("1001"),
        Student("x", email="ada@x.org"),
        Student("x", "Ada Lovelace"),
        Student("x", columns={"ID number": "1001"}),
    ],
)
def test_grade_and_feedback_go_into_the_row_of_the_student(student: Student) -> None:
    result = graded(student, made((1.5, 6.0), said="<b>bad</b>"))
    text, done = filled(result)
    grade, modified, said = offline(text.encode())["71"]
    assert (grade, modified) == ("7.50", "-")
    assert html.unescape(said.replace("<br>", "\n")) == feedback(result.document, 7.5)
    assert Seen(said).tags == {"br"}
    before, after = WORKSHEET.split("\r\n"), text.split("\r\n")
    assert before[:1] + before[2:] == after[:1] + after[2:]
    assert re.sub(r",7\.50,|,Score .*", ",,", after[1]) == re.sub(",$", ",,", before[1])
    assert done.students == 1


def test_a_locked_grade_stays_and_who_is_not_there_is_named() -> None:
    text, done = filled(graded("73"), graded("99"))
    assert text == WORKSHEET
    assert [note.id for note in done.notes] == [
        "export.kept-cells",
        "export.rows-left",
        "export.absent",
    ]


def test_grades_are_scaled_to_the_maximum_of_the_assignment() -> None:
    text, done = filled(
        graded("71", made((1.5, 6.0))), worksheet=WORKSHEET.replace("10.00", "100.00")
    )
    assert offline(text.encode())["71"][0] == "75.00"
    assert [note.id for note in done.notes] == ["export.scaled", "export.rows-left"]


def test_a_worksheet_without_feedback_gets_grades() -> None:
    worksheet = WORKSHEET.replace(",Feedback comments", "").replace(",-,\r\n", ",-\r\n")
    text, _ = filled(graded("71"), worksheet=worksheet.replace(",old", "").replace(",locked", ""))
    assert assert_harmless(text.encode())[1][5] == "10.00"


def test_other_files_and_more_than_one_exercise_are_refused() -> None:
    for worksheet, results, id_ in (
        (WORKSHEET.replace("Grade,", "Note,"), [graded("71")], "export.not-worksheet"),
        ("", [graded("71")], "export.not-worksheet"),
        (
            WORKSHEET,
            [graded("71"), graded("72", made(exercise="exercise-2"))],
            "export.one-exercise",
        ),
    ):
        with pytest.raises(UsageError) as caught:
            filled(*results, worksheet=worksheet)
        assert caught.value.message.id == id_
