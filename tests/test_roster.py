"""Rosters as LMSs export them, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import roster
from grader.model import Message, UsageError
from grader.records import Student
from grader.reports.words import render
from grader.roster import Roster, folded, spellings, squeezed


def write(folder: Path, content: str | bytes, name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path) -> Message:
    with pytest.raises(UsageError) as error:
        roster.read(path)
    assert render(error.value.message).isprintable()
    message = error.value.message
    return Message(message.id.removeprefix("roster."), message.params)


def rows(read: Roster) -> list[tuple[str, str, str]]:
    return [(s.id, s.name, s.email) for s in read]


PLAIN = "id,name,email,Section\n1,Min Kim,min@school.edu,A\n2,이서연,,B\n"


# --- what LMSs export ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        "\ufeff" + PLAIN,
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace("\n", "\r\n"),
        "\n\n" + PLAIN + "\n,,,\n",
        PLAIN.replace("id,name,email", "ID, Name ,E-mail"),
        "Section,email,name,id\nA,min@school.edu,Min Kim,1\nB,,이서연,2\n",
        '"id","name","email","Section"\n"1","Min Kim","min@school.edu","A"\n"2","이서연"," ","B"\n',
    ],
)
def test_a_plain_roster_however_it_was_saved(content: str, tmp_path: Path) -> None:
    read = roster.read(write(tmp_path, content))
    assert rows(read) == [("1", "Min Kim", "min@school.edu"), ("2", "이서연", "")]
    assert [dict(s.columns) for s in read] == [{"Section": "A"}, {"Section": "B"}]


def test_canvas(tmp_path: Path) -> None:
    content = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (123),Notes\n"
        ",,,,,Manual Posting,\n"
        "    Points Possible,,,,,10.00,\n"
        '"Kim, Min-ju",1001,u-1,mkim@school.edu,"A ""1""\nand B",,\n'
        '"O\'Brien, Pat",1002,u-2,pat,A,9.5,=1+1\n'
    )
    read = roster.read(write(tmp_path, content))
    assert rows(read) == [("1001", "Kim, Min-ju", ""), ("1002", "O'Brien, Pat", "")]
    assert read.numbers == {"1001", "1002"}
    first, second = read
    assert first.columns == {
        "SIS User ID": "u-1",
        "SIS Login ID": "mkim@school.edu",
        "Section": 'A "1"\nand B',
        "Homework 1 (123)": "",
        "Notes": "",
    }
    assert second.columns["Notes"] == "=1+1"  # as it stood there
    assert read.by_login("MKIM@school.edu") == (first,)
    assert read.by_name("kimminju") == read.by_name("Min-ju Kim") == (first,)


def test_moodle(tmp_path: Path) -> None:
    worksheet = (
        "Identifier,Full name,ID number,Email address,Status,Grade\n"
        "Participant 77,Min Kim,20250001,min@school.edu,Submitted,\n"
        "Participant 78,Min Kim,20250002,kim@school.edu,Submitted,\n"
    )
    read = roster.read(write(tmp_path, worksheet))
    assert rows(read)[0] == ("20250001", "Min Kim", "min@school.edu")
    assert read.by_participant("78") == (read.students[1],)
    assert len(read.by_name("Min Kim")) == 2
    # A number of one assignment is the last thing to be an id.
    read = roster.read(write(tmp_path, worksheet.replace("20250001", "").replace("20250002", "")))
    assert [s.id for s in read] == ["min@school.edu", "kim@school.edu"]
    read = roster.read(write(tmp_path, "Identifier,Full name\nParticipant 77,Min Kim\n"))
    assert rows(read) == [("Participant 77", "Min Kim", "")]
    assert read.by_participant("77") == read.students
    participants = "First name,Last name,Email address,Groups\nMin,Kim,min@school.edu,A\n"
    assert rows(roster.read(write(tmp_path, participants))) == [
        ("min@school.edu", "Min Kim", "min@school.edu")
    ]


def test_gradescope_and_github(tmp_path: Path) -> None:
    read = roster.read(write(tmp_path, "First Name,Last Name,SID,Email\nMin,Kim,7,m@s.edu\n"))
    assert rows(read) == [("7", "Min Kim", "m@s.edu")]
    read = roster.read(
        write(
            tmp_path,
            '"identifier","github_username","github_id","name"\n'
            '"kim","octocat","583231","Min Kim"\n"lee","","",""\n',
        )
    )
    assert rows(read) == [("kim", "Min Kim", ""), ("lee", "", "")]
    assert read.by_login("Octocat") == (read.students[0],)
    assert read.by_login("") == read.by_name("") == read.by_email("") == ()


# --- what is refused -----------------------------------------------------------------------


def told(path: Path) -> str:
    """The line that says why."""
    with pytest.raises(UsageError) as error:
        roster.read(path)
    return render(error.value.message)


@pytest.mark.parametrize(
    ("content", "id", "line"),
    [
        ("id,name\n1,A\n2,B\n1,C\n", "id-twice", 4),
        ("id,name\nKim,A\nkim,B\n", "id-twice", 3),
        ("id,name\n1,A\n,B\n", "no-id", 3),
        ('id,name\n1,"A\nB"\n2,C\n,D\n', "no-id", 5),
        ("id,name\n1,Kim, Min\n", "cells", 2),
        ('id,name\n1,"Kim\n', "csv", 2),
        ('id,name\n1,"Kim" x\n', "csv", 2),
        ("id,name\n1\x1b[2J,A\n", "id", 2),
        ("id,name\na\u202eb,A\n", "id", 2),
        ("Kim,Min\nLee,Ann\n", "header", None),
        ("id,id,name\n1,2,A\n", "column-twice", None),
        ("", "empty", None),
        ("id,name\n", "empty", None),
        (PLAIN.encode("utf-16"), "encoding", 1),
        (PLAIN.encode("cp949"), "encoding", 3),
        ("id,name\n1,José\n".encode("latin-1"), "encoding", 2),
        (b"PK\3\4", "spreadsheet", None),
        (",name\n1,A\n", "no-name", None),
        (" ,name,email\n1,A,a@x.org\n", "no-name", None),
        ("name,\nA,1\n", "no-name", None),
        ("id,name\n,A\n,B\n", "all-empty", None),
        ("student id,email,name\n,,A\n", "all-empty", None),
        ("id,name\n1," + "x" * 200_000 + "\n", "csv", 2),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    content: str | bytes, id: str, line: int | None, tmp_path: Path
) -> None:
    message = refused(write(tmp_path, content))
    assert (message.id, message.params.get("line")) == (id, line)


def test_every_line_without_an_id_is_told_at_once(tmp_path: Path) -> None:
    rows = ["1,A", ",B", "3,C", '" ",D', *[",E"] * 20]
    said = told(write(tmp_path, "id,name\n" + "\n".join(rows)))
    assert said == (
        "In the roster roster.csv nothing stands under `id`, which tells students apart, in line "
        "3, 5, 6, 7, 8, 9, 10, 11, 12, 13 … (+12). Fill it in, or delete the whole column to use "
        "another."
    )


def test_a_column_of_ids_without_a_name_or_without_ids_is_told_in_clear_words(
    tmp_path: Path,
) -> None:
    assert told(write(tmp_path, ",name,email\n1,A,a@x.org\n")) == (
        "Column 1 of the roster roster.csv has no name in the first line. Call it `id` if it tells "
        "students apart, or delete it."
    )
    assert told(write(tmp_path, "id,name,email\n,A,\n")) == (
        "In the roster roster.csv nothing stands under `id`, `email`, and no other column tells "
        "students apart. Fill one in."
    )
    header = told(write(tmp_path, "name,,group\nA,,B\n"))
    assert header.endswith("It names `name`, `group`.")
    # What a program has numbered is in nobody's way where there is an id.
    read = roster.read(write(tmp_path, ",id,name\n0,1001,A\n1,1002,B\n"))
    assert [s.id for s in read] == ["1001", "1002"] and not read.students[0].columns


def test_the_encoding_it_was_saved_in_is_named(tmp_path: Path) -> None:
    assert refused(write(tmp_path, PLAIN.encode("cp949"))).params["encoding"] == "cp949"
    latin = refused(write(tmp_path, "id,name\n1,José\n".encode("latin-1")))
    assert latin.params["encoding"] == "cp1252"


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv").id == "unreadable"
    assert refused(tmp_path).id == "unreadable"


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Min Ju Kim", "Kim, Min Ju"),
        ("Ann van der Berg", "van der Berg, Ann"),
        ("Kim, Min-ju", "kimminju"),
        ("O'Brien, Pat", "obrienpat"),
        ("José García", "garcíajosé"),
        ("Cafe\u0301", "CAFÉ"),
        ("نور الدين", "الدين, نور"),
        ("STRASSE, A", "A Straße"),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert spellings(one) & spellings(other)


def test_two_of_one_name_are_both_found() -> None:
    listed = roster.of([Student("1", "Min Kim"), Student("2", "Kim, Min"), Student("3", "Kim Min")])
    assert [s.id for s in listed.by_name("Min Kim")] == ["1", "2"]
    assert [s.id for s in listed.by_name("Kim Min")] == ["3"]
    assert [s.id for s in listed.by_name("kimmin")] == ["1", "2", "3"]
    assert listed.by_id("2") == listed.students[1] and listed.by_id("9") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_first_and_last_name_meet_in_any_order(first: str, last: str) -> None:
    first, last = first.replace(",", ""), last.replace(",", "")
    if not squeezed(first + last):
        return
    listed = roster.of([Student("1", f"{last}, {first}")])
    assert listed.by_name(f"{last}, {first}")
    assert listed.by_name(squeezed(f"{last}, {first}"))
    assert folded(folded(first)) == folded(first)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)] * 3),
        max_size=6,
    )
)
def test_what_a_csv_writer_wrote_is_read(cells: list[tuple[str, str, str]]) -> None:
    import csv
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "name", "Group"])
            writer.writerows((f"{n}", name, group) for n, (_, name, group) in enumerate(cells))
        if not cells:
            assert refused(path).id == "empty"
            return
        read = roster.read(path)
    assert [s.id for s in read] == [str(n) for n in range(len(cells))]
    assert [s.columns["Group"] for s in read] == [group for _, _, group in cells]
