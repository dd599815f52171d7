"""Downloads of every LMS, generated: what is recognised, and what is listed instead."""

from __future__ import annotations

import os
import re
import socket
import tracemalloc
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import downloads
import pytest
from downloads import LAYOUTS, LEARNERS, SIGMOID, lay, packed, tarred, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import intake, roster
from grader.intake import Intake, canvas, download, gradescope, moodle
from grader.model import Message, Submission, UsageError
from grader.records import Student
from grader.reports.words import catalogue, render
from grader.roster import Roster

CONTAINERS = ["folder", ".zip", ".tar", ".tar.gz"]


@pytest.fixture
def listed(tmp_path: Path) -> Roster:
    (tmp_path / "roster.csv").write_text(downloads.ROSTER, encoding="utf-8")
    return roster.read(tmp_path / "roster.csv")


def seen(read: Intake) -> list[tuple[str, str, int]]:
    return [(f.student.id, f.attempt.exercise, f.attempt.number) for f in read.found]


def shows(text: str) -> bool:
    """It moves no cursor, turns no line around and begins none."""
    return all(unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029" for c in text)


def why(read: Intake) -> dict[str, str]:
    for one in read.unrecognised:
        assert render(one.why)  # every reason has words
        assert shows(one.source)
    return {one.source: one.why.id.removeprefix("intake.") for one in read.unrecognised}


def refused(path: Path) -> Message:
    with pytest.raises(UsageError) as error:
        intake.read(path)
    assert render(error.value.message)
    return error.value.message


EXPECTED = [
    ("20250001", "exercise-1", 1),
    ("20250002", "exercise-4", 1),
    ("20250002", "exercise-5", 1),
    ("20250003", "exercise-4", 1),
    ("20250003", "exercise-5", 1),
    ("20250004", "exercise-1", 1),
    ("20250005", "exercise-1", 1),
]


# --- layouts -------------------------------------------------------------------------------


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_work(
    layout: str, container: str, tmp_path: Path, listed: Roster
) -> None:
    plain = intake.read(lay(tmp_path / "plain", downloads.folders(LEARNERS)), roster=listed)
    path = packed(tmp_path / "it", LAYOUTS[layout](LEARNERS), container)
    read = intake.read(path, roster=listed)
    assert seen(read) == EXPECTED
    assert [f.attempt.digest for f in read.found] == [f.attempt.digest for f in plain.found]
    assert not read.missing
    assert set(why(read).values()) <= {"junk"}
    kind = layout.removeprefix("named_").removesuffix("_flat").partition("_")[0]
    assert read.layout == {"classroom": "github"}.get(kind, kind)
    for found in read.found:
        loaded = found.load()
        assert loaded.exercise == found.attempt.exercise
        own = next(s for s in LEARNERS if s.id == found.student.id)
        files = {loaded.main.filename, *(n.filename for n in loaded.neighbours.values())}
        assert len(files & set(own.files)) == len(files)
    five = {f.student.id: f.load() for f in read.found if f.attempt.exercise == "exercise-5"}
    assert five["20250002"].neighbours["exercise_4"].cells == ("import mine\nlayer = 2\n",)
    assert set(five["20250002"].neighbours) == {"exercise_4", "mine"}
    assert five["20250003"].neighbours["exercise_4"].cells == ("layer = 3\n",)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_roster_everybody_is_somebody(layout: str, tmp_path: Path) -> None:
    read = intake.read(lay(tmp_path, LAYOUTS[layout](LEARNERS)))
    assert len(read.found) == len(EXPECTED)
    assert len({f.student.id for f in read.found}) == len(LEARNERS)
    assert all(f.attempt.student == f.student.id for f in read.found)


def test_an_edited_neighbour_is_another_digest(tmp_path: Path) -> None:
    files = downloads.folders(LEARNERS)
    first = intake.read(lay(tmp_path, files))
    second = intake.read(lay(tmp_path, files | {"20250002/mine.py": b"ours = True\n"}))
    changed = [
        a.attempt.exercise
        for a, b in zip(first.found, second.found, strict=True)
        if a.attempt.digest != b.attempt.digest
    ]
    assert changed == ["exercise-4", "exercise-5"]


def test_what_surrounds_a_download_is_stepped_over(tmp_path: Path, listed: Roster) -> None:
    files = {f"course/week 3/{n}": c for n, c in downloads.moodle(LEARNERS).items()}
    assert seen(intake.read(lay(tmp_path, files), roster=listed)) == EXPECTED


@pytest.mark.parametrize(
    "files",
    [
        ["kim/week 1/exercise_1.py"],
        ["kim/week 1/exercise_1.py", "kim/week 1/exercise_2.py", "kim/notes.md"],
        ["kim/hw/final/exercise_1.py", "roster.csv"],
        ["kim/my_exercise_1.py", "kim/my_exercise_2.py"],
        ["kim/repo/.git/HEAD", "kim/repo/exercise_1.py"],
        ["kim/exercise-1/src/exercise_1.py"],
    ],
)
@pytest.mark.parametrize("container", CONTAINERS)
def test_one_students_folder_is_not_silently_taken_for_that_of_a_class(
    files: list[str], container: str, tmp_path: Path
) -> None:
    read = intake.read(packed(tmp_path, dict.fromkeys(files, b""), container))
    assert {student for student, _, _ in seen(read)} == {"kim"}
    assert why(read)["kim"] == "one-student"
    [said] = [render(one.why) for one in read.unrecognised if one.source == "kim"]
    assert "taken for one student's" in said and "--roster" in said


def test_one_packed_work_in_one_folder_is_listed_too(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/work.zip": zipped({"exercise_1.py": b""})})
    read = intake.read(tmp_path)
    assert seen(read) == [("kim", "exercise-1", 1)]
    assert why(read) == {"kim": "one-student"}


@pytest.mark.parametrize("name", ["exercise_1.zip", "exercise-1/exercise_1.py"])
def test_what_an_exercise_alone_is_called_after_is_the_students(name: str, tmp_path: Path) -> None:
    content = zipped({"exercise_1.py": b""}) if name.endswith(".zip") else b""
    read = intake.read(lay(tmp_path, {f"kim/{name}": content, "kim/exercise-2/work.py": b""}))
    assert {student for student, _, _ in seen(read)} == {"kim"}
    assert "kim" not in why(read)


def test_folders_that_may_be_weeks_or_students_are_listed(tmp_path: Path) -> None:
    weeks = {f"kim/week {n}/exercise_{n}.py": b"" for n in (1, 2, 3)}
    read = intake.read(lay(tmp_path / "weeks", weeks))
    assert why(read) == {"kim": "around"}
    assert [student for student, _, _ in seen(read)] == ["week 1", "week 2", "week 3"]
    kims = roster.of([Student("kim"), Student("lee")])
    read = intake.read(tmp_path / "weeks", roster=kims)  # which is how to say otherwise
    assert [student for student, _, _ in seen(read)] == ["kim"] * 3 and not why(read)


def test_a_class_is_told_from_a_student_by_what_it_holds(tmp_path: Path) -> None:
    """Nothing is listed where nothing is in doubt: two hold the same exercise, somebody is on
    the roster, or the names are an LMS's."""
    kims = roster.of([Student("kim"), Student("lee")])
    for number, (files, listed) in enumerate(
        [
            (["class/kim/exercise_1.py", "class/lee/exercise_1.py"], None),
            (["a/class/kim/exercise_1.py", "a/class/lee/week 1/exercise_1.py"], None),
            (["class/kim/exercise_1.py"], kims),
            (["a/class/kim/exercise_1.py"], kims),
            (["class/kim.zip"], kims),
            (["class/kim_exercise_1.py"], kims),
            (["class/kim/work.zip", "class/lee/work.zip"], None),
            (["class/exercise-1/kim/exercise_1.py", "class/exercise-1/lee/exercise_1.py"], None),
        ]
    ):
        content = zipped({"exercise_1.py": b""})
        laid = {name: content if name.endswith(".zip") else b"" for name in files}
        read = intake.read(lay(tmp_path / str(number), laid), roster=listed)
        assert {student for student, _, _ in seen(read)} <= {"kim", "lee"}, files
        assert len(read.found) == len(files) and not why(read), files


def test_a_download_for_each_exercise(tmp_path: Path, listed: Roster) -> None:
    one = [replace(s, files={"exercise_1.py": SIGMOID}) for s in LEARNERS]
    two = [replace(s, files={"homework.py": SIGMOID}) for s in LEARNERS]
    files = {f"exercise-1/{n}": c for n, c in downloads.canvas(one).items()}
    files |= {f"Exercise 02/{n}": c for n, c in downloads.moodle(two).items()}
    read = intake.read(lay(tmp_path, files), roster=listed)
    assert read.layout == "canvas + moodle"
    assert {e for _, e, _ in seen(read)} == {"exercise-1", "exercise-2"}
    assert len(read.found) == 2 * len(LEARNERS) and not read.missing
    assert why(read) == {"roster.csv": "stray"}


def test_only_the_exercises_that_are_asked_for(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": "", "kim/exercise_2.py": "", "kim/exercise_999.py": ""})
    read = intake.read(tmp_path, exercises=["exercise-2"])
    assert seen(read) == [("kim", "exercise-2", 1)]
    assert why(read) == {
        "kim/exercise_1.py": "not-wanted",
        "kim/exercise_999.py": "no-such-exercise",
    }


# --- attempts ------------------------------------------------------------------------------


def test_canvas_says_what_was_late_and_handed_in_again(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "kimminju_1001_90_exercise_1.py": "a = 1\n",
            "kimminju_1001_110_exercise_1-1.py": "a = 2\n",
            "kimminju_1001_100_exercise_1-10.py": "a = 3\n",
            "lee_LATE_1002_70_exercise_1-2.py": "b = 1\n",
            "anon_Xy12z_71_exercise_1.py": "c = 1\n",
            "anon_late_1003_text.html": "<p>",
        },
    )
    read = intake.read(tmp_path)
    assert [
        (f.student.id, f.attempt.number, f.attempt.late, f.load().main.cells[0]) for f in read.found
    ] == [
        ("1001", 1, False, "a = 1\n"),
        ("1001", 2, False, "a = 3\n"),  # Canvas numbers the files as they come
        ("1001", 3, False, "a = 2\n"),
        ("1002", 1, True, "b = 1\n"),
        ("anon_Xy12z", 1, False, "c = 1\n"),
    ]
    assert set(why(read).values()) == {"typed"}


def test_copies_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    lay(tmp_path, {"lee/exercise_2.py": ""})
    for n in ("", "-2", "-10", " (1)"):
        lay(tmp_path, {f"kim/exercise_1{n}.py": f"n = '{n}'\n"})
    read = intake.read(tmp_path, exercises=["exercise-1"])
    assert [f.load().main.cells[0] for f in read.found] == [
        f"n = '{n}'\n" for n in ("", " (1)", "-2", "-10")
    ]
    assert [f.attempt.number for f in read.found] == [1, 2, 3, 4]


def test_where_nothing_says_which_is_later_it_is_said(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": "a = 1\n", "kim/final/exercise_1.py": "a = 1\n"})
    read = intake.read(tmp_path)
    assert [f.attempt.number for f in read.found] == [1, 2]  # the same twice: both are kept
    assert list(why(read).values()) == ["order"]


def test_numbered_folders_are_in_order(tmp_path: Path) -> None:
    lay(tmp_path, {f"kim/try {n}/exercise_1.py": f"n = {n}\n" for n in (10, 9, 1)})
    lay(tmp_path, {"lee/exercise_2.py": ""})
    read = intake.read(tmp_path, exercises=["exercise-1"])
    assert [f.load().main.cells[0] for f in read.found] == ["n = 1\n", "n = 9\n", "n = 10\n"]
    assert why(read) == {"lee/exercise_2.py": "not-wanted"}


def test_a_resubmission_means_its_own_neighbours(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "kim_1_10_exercise_5.py": "import exercise_4\n",
            "kim_1_11_exercise_4.py": "first = 1\n",
            "kim_1_20_exercise_5-2.py": "import exercise_4\n",
            "kim_1_21_exercise_4-2.py": "second = 1\n",
            "lee_2_30_exercise_4.py": "lees = 1\n",
            "kim_1_22_util.py": "",
        },
    )
    read = intake.read(tmp_path)
    five = [f.load() for f in read.found if f.attempt.exercise == "exercise-5"]
    assert [s.neighbours["exercise_4"].cells for s in five] == [("first = 1\n",), ("second = 1\n",)]
    assert why(read) == {"kim_1_22_util.py": "unused"}


def test_a_helper_belongs_to_the_longest_name_before_it(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "kim_exercise_1.py": "import util\n",
            "kim_util.py": "kims = 1\n",
            "kim_min_exercise_1.py": "import util\n",
            "kim_min_util.py": "mins = 1\n",
            "lee-util.py": "",
        },
    )
    read = intake.read(tmp_path)
    assert [(f.student.id, f.load().neighbours["util"].cells) for f in read.found] == [
        ("kim", ("kims = 1\n",)),
        ("kim_min", ("mins = 1\n",)),
    ]
    assert why(read) == {"lee-util.py": "stray"}


# --- who it is -----------------------------------------------------------------------------


def test_who_is_missing_and_who_is_nobody(tmp_path: Path, listed: Roster) -> None:
    files = downloads.folders(LEARNERS[1:]) | {"9999/exercise_1.py": b""}
    read = intake.read(lay(tmp_path / "d", files), roster=listed)
    assert [s.id for s in read.missing] == ["20250001"]
    assert why(read) == {"9999": "unknown-student"}


def test_every_file_of_somebody_unknown_is_listed(tmp_path: Path, listed: Roster) -> None:
    names = [f"park_{n}.py" for n in ("exercise_1", "exercise_2", "util")]
    lay(tmp_path / "d", dict.fromkeys([*names, "exercise_1.zip"], ""))
    read = intake.read(tmp_path / "d", roster=listed)
    assert not read.found and len(read.missing) == len(LEARNERS)
    assert why(read) == dict.fromkeys(names, "unknown-student") | {"exercise_1.zip": "whose"}


def test_two_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    twins = roster.of(
        [
            Student("1", "Min Kim", columns={"Identifier": "Participant 77"}),
            Student("2", "Kim, Min", columns={"Identifier": "Participant 78"}),
            Student("3", "Ann Lee"),
        ]
    )
    lay(
        tmp_path / "canvas",
        {"kimmin_500_1_exercise_1.py": "", "leeann_501_2_exercise_1.py": ""},
    )
    read = intake.read(tmp_path / "canvas", roster=twins)
    assert seen(read) == [("3", "exercise-1", 1)]
    assert why(read) == {"kimmin_500_1_exercise_1.py": "two-students"}
    # Moodle's numbers tell them apart, where the roster has them.
    lay(tmp_path / "m", {f"Min Kim_{n}_assignsubmission_file_/exercise_1.py": "" for n in (78, 79)})
    read = intake.read(tmp_path / "m", roster=twins)
    assert seen(read) == [("2", "exercise-1", 1)]
    assert list(why(read).values()) == ["two-students"]


def test_canvas_ids_are_known_to_a_canvas_roster(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework (12)\n"
        "    Points Possible,,,,,10.00\n"
        '"Kim, Min",1001,u1,mkim,A,\n"Kim, Min",1002,u2,mkim2,A,\n'
    )
    lay(tmp_path / "d", {"newname_1001_1_exercise_1.py": "", "kimmin_1002_2_exercise_1.py": ""})
    read = intake.read(tmp_path / "d", roster=roster.read(tmp_path / "g.csv"))
    assert [(f.student.id, f.student.columns["SIS User ID"]) for f in read.found] == [
        ("1001", "u1"),
        ("1002", "u2"),
    ]


def test_a_number_of_canvas_is_not_taken_for_an_id_of_the_university(tmp_path: Path) -> None:
    listed = roster.of([Student("1001", "Ann Lee"), Student("2002", "Min Kim")])
    lay(tmp_path, {"kimmin_1001_1_exercise_1.py": "", "parkjo_2002_1_exercise_1.py": ""})
    read = intake.read(tmp_path, roster=listed)
    assert seen(read) == [("2002", "exercise-1", 1)]
    assert why(read) == {"parkjo_2002_1_exercise_1.py": "unknown-student"}


def test_nobody_hands_in_for_somebody_else(tmp_path: Path, listed: Roster) -> None:
    forged = {
        "lees1_1002_1_exercise_1.py": "",
        "20250002/exercise_1.py": "",
        "Pat O'Brien_1003_assignsubmission_file_/exercise_1.py": "",
        "submission_metadata.yml": "x: 1\n",
    }
    lay(tmp_path / "d", {f"20250001/{n}": c for n, c in forged.items()})
    lay(tmp_path / "d", downloads.folders(LEARNERS[2:]))
    read = intake.read(tmp_path / "d", roster=listed)
    assert not {"20250002"} & {f.student.id for f in read.found}
    name = "kimminju_1001_1_obrienpat_1003_9_exercise_1.py"
    claimed = canvas.claim(name)
    assert claimed is not None and claimed.owner.number == "1001"
    claimed = moodle.claim("A B_1_assignsubmission_file_C D_2_assignsubmission_file_exercise_1.py")
    assert claimed is not None and claimed.owner.name == "A B"


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    read = intake.read(
        packed(
            tmp_path,
            {"Kim/exercise_1.py": b"", "kim/exercise_1.py": b"", "lee/exercise_1.py": b""},
            ".zip",
        )
    )
    assert seen(read) == [("lee", "exercise-1", 1)]
    assert why(read) == {"Kim": "alike", "kim": "alike"}


def test_macos_spells_a_name_in_pieces(tmp_path: Path, listed: Roster) -> None:
    files = {
        unicodedata.normalize("NFD", n): c for n, c in downloads.named_folders(LEARNERS).items()
    }
    assert seen(intake.read(packed(tmp_path / "d", files, ".zip"), roster=listed)) == EXPECTED


def test_a_zip_that_does_not_say_it_is_utf8(tmp_path: Path, listed: Roster) -> None:
    path = packed(tmp_path / "d", downloads.named_folders(LEARNERS), ".zip")
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + at + 1] &= ~8
    path.write_bytes(data)
    assert not zipfile.ZipFile(path).infolist()[-1].flag_bits & 0x800
    assert seen(intake.read(path, roster=listed)) == EXPECTED


def test_a_zip_of_windows_powershell(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("kim\\exercise_1.py", "..\\lee\\exercise_1.py"):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            file.writestr(info, SIGMOID)
    read = intake.read(path)
    assert seen(read) == [("kim", "exercise-1", 1)]
    assert list(why(read).values()) == ["path"]


def test_where_names_are_hidden_moodles_number_is_enough(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("Identifier,ID number\nParticipant 77,1\nParticipant 78,2\n")
    lay(tmp_path / "d", {"Participant_78_assignsubmission_file_/exercise_1.py": SIGMOID})
    read = intake.read(tmp_path / "d", roster=roster.read(tmp_path / "w.csv"))
    assert seen(read) == [("2", "exercise-1", 1)]


def test_a_group_of_moodles_stands_before_the_name(tmp_path: Path, listed: Roster) -> None:
    name = f"Group A-{LEARNERS[1].name}_1002_assignsubmission_file_"
    lay(tmp_path / "d", {f"{name}/exercise_1.py": SIGMOID, f"{name}/onlinetext.html": ""})
    read = intake.read(tmp_path / "d", roster=listed)
    assert seen(read) == [("20250002", "exercise-1", 1)]
    assert list(why(read).values()) == ["typed"]


def test_a_group_has_handed_in_together(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "submission_7/exercise_1.py": SIGMOID,
            "submission_8/exercise_1.py": SIGMOID,
            "submission_metadata.yml": "submission_7:\n  :submitters:\n"
            "  - {':name': A, ':sid': '1', ':email': a@b}\n  - :name: B\n    :sid:\n"
            "    :email: b@b\n"
            "  :created_at: 2025-03-01 12:00:00.5 -08:00\nsubmission_9:\n  :submitters: []\n",
        },
    )
    read = intake.read(tmp_path)
    assert [(f.student.id, f.student.name, f.student.email) for f in read.found] == [
        ("1", "A", "a@b"),
        ("b@b", "B", "b@b"),
    ]
    assert read.found[0].attempt.submitted == datetime(2025, 3, 1, 20, 0, 0, 500000, UTC)
    assert why(read) == {"submission_8": "no-metadata", "submission_9": "no-folder"}


# --- what cannot be read -------------------------------------------------------------------


def test_work_that_cannot_be_read_is_an_attempt_all_the_same(tmp_path: Path) -> None:
    bad = {
        "a/exercise_1.py": b"x = \0 and no more",
        "b/exercise_1.py": b"\xff\xfe\xfa",
        "c/exercise_1.py": b"x" * (1 << 20) + b"x",
        "d/exercise_1.ipynb": b"{",
        "e/exercise_1.zip": b"PK\3\4 and no more",
        "f/exercise_1.py": b"import m\n",
        "f/m.py": b"m = '\0'",
    }
    read = intake.read(lay(tmp_path, bad))
    assert [s for s, _, _ in seen(read)] == [*"abcdef"]
    assert len({f.attempt.digest for f in read.found}) == 6
    ids = []
    for found in read.found:
        with pytest.raises(UsageError) as error:
            found.load()
        ids.append(error.value.message.id)
    assert ids == ["submission.nul", "submission.encoding", "submission.too-large",
                   "submission.bad-notebook", "archive.unreadable", "submission.nul"]  # fmt: skip
    again = intake.read(lay(tmp_path, {"f/m.py": b"n = '\0'"}))
    assert again.found[-1].attempt.digest != read.found[-1].attempt.digest


def test_a_file_that_changes_after_it_was_seen_is_not_loaded(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": SIGMOID})
    found = intake.read(tmp_path).found[0]
    (tmp_path / "kim/exercise_1.py").write_text("other = 1\n")
    with pytest.raises(UsageError) as error:
        found.load()
    assert error.value.message.id == "intake.changed"


def test_what_is_no_download(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "b.zip": b"PK", "c.tar.gz": b"\x1f\x8b", "d.tar": b"x" * 600})
    assert refused(tmp_path / "none").id == "intake.missing"
    assert refused(tmp_path / "a.py").id == "intake.kind"
    for name in ("b.zip", "c.tar.gz", "d.tar"):
        assert refused(tmp_path / name).id == "intake.damaged"
    empty = intake.read(
        lay(tmp_path / "empty", {}) if (tmp_path / "empty").mkdir() else tmp_path / "empty"
    )
    assert (empty.found, empty.unrecognised) == ((), ())


# --- hostile -------------------------------------------------------------------------------


def test_links_pipes_and_sockets_are_listed(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": "import secret\n", "outside/secret.py": "s = 1\n"})
    (tmp_path / "kim/secret.py").symlink_to(tmp_path / "outside/secret.py")
    (tmp_path / "kim/exercise_2.py").symlink_to("/etc/passwd")
    (tmp_path / "lee").symlink_to("/etc")
    os.mkfifo(tmp_path / "kim/exercise_3.py")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "kim/exercise_4.py"))
    read = intake.read(tmp_path)
    assert seen(read) == [("kim", "exercise-1", 1)]
    assert not read.found[0].load().neighbours
    links = {source for source, reason in why(read).items() if reason == "not-a-file"}
    names = ("exercise_2", "exercise_3", "exercise_4", "secret")
    assert links == {"lee", *(f"kim/{name}.py" for name in names)}


def test_a_file_exchanged_for_a_link_is_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": SIGMOID, "other.py": SIGMOID})
    found = intake.read(tmp_path).found[0]
    (tmp_path / "kim/exercise_1.py").unlink()
    (tmp_path / "kim/exercise_1.py").symlink_to(tmp_path / "other.py")
    with pytest.raises(UsageError):
        found.load()


def test_a_hard_link_is_a_file(tmp_path: Path) -> None:
    lay(tmp_path, {"kim/exercise_1.py": SIGMOID})
    (tmp_path / "lee").mkdir()
    os.link(tmp_path / "kim/exercise_1.py", tmp_path / "lee/exercise_1.py")
    assert len(intake.read(tmp_path).found) == 2


@pytest.mark.parametrize("container", [".zip", ".tar"])
@pytest.mark.parametrize(
    "name",
    ["../../x/exercise_1.py", "/etc/exercise_1.py", "a//exercise_1.py", "a/..\\x/exercise_1.py"],
)
def test_names_that_lead_out_of_an_archive(name: str, container: str, tmp_path: Path) -> None:
    read = intake.read(packed(tmp_path, {name: b"", "kim/exercise_1.py": b""}, container))
    assert seen(read) == [("kim", "exercise-1", 1)]
    assert list(why(read).values()) == ["path"]


@pytest.mark.parametrize("name", ["a\x1b[2J", "gpj\u202eyp", "x\n", "y" * 201])
def test_a_name_that_cannot_be_shown_is_no_id(name: str, tmp_path: Path) -> None:
    read = intake.read(
        packed(tmp_path, {f"{name}/exercise_1.py": b"", "a/exercise_1.py": b""}, ".zip")
    )
    assert seen(read) == [("a", "exercise-1", 1)]
    assert list(why(read).values()) == ["bad-name"]


def test_bytes_that_are_no_text_in_a_name(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/k\xffm"
    os.mkdir(folder)  # noqa: PTH102 - bytes
    with open(folder + b"/exercise_1.py", "wb"):  # noqa: PTH123
        pass
    lay(tmp_path, {"lee/exercise_1.py": ""})
    read = intake.read(tmp_path)
    assert seen(read) == [("lee", "exercise-1", 1)]
    assert list(why(read).values()) == ["bad-name"]


def test_a_bomb_of_a_student_is_one_students(tmp_path: Path) -> None:
    bombs = {
        "a/work.zip": zipped({"exercise_1.py": bytes(20 << 20)}),
        "b/work.zip": zipped({"c.zip": zipped({"d.zip": zipped({"exercise_1.py": b""})})}),
        "c/work.zip": zipped({"../../exercise_1.py": b""}),
        "d/work.tgz": tarred({"exercise_1.py": b""})[:-9],
        "e/exercise_1.py": b"",
        "f/work.zip": zipped({"w.zip": zipped({"exercise_1.py": b""})}),
    }
    read = intake.read(packed(tmp_path, bombs, ".tar.gz"))
    assert seen(read) == [("e", "exercise-1", 1), ("f", "exercise-1", 1)]
    assert read.found[1].load() == Submission("exercise-1", read.found[1].load().main)
    reasons = why(read)
    assert {reasons[f"{n}/work.{'tgz' if n == 'd' else 'zip'}"] for n in "abcd"} == {
        "archive.too-large", "archive.nested", "archive.path", "archive.unreadable",
    }  # fmt: skip
    assert {reasons[n] for n in "abcd"} == {"nothing"}


def test_thousands_of_files_of_one_student_are_not_all_graded(tmp_path: Path) -> None:
    crowd = zipped({f"exercise_1 ({n}).py": b"import a, b, c\n" for n in range(9_000)})
    some = {f"c/{n}/exercise_1.py": b"" for n in range(60)}
    lay(tmp_path, some | {"a/w.zip": crowd, "b/exercise_1.py": b""})
    read = intake.read(tmp_path)
    assert [s for s, _, _ in seen(read)] == ["b"] + ["c"] * intake.ATTEMPTS
    reasons = why(read)
    assert reasons["a/w.zip"] == "crowded"
    assert list(reasons.values()).count("attempts") == 10


def test_a_large_member_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a/exercise_1.py": bytes(300 << 20), "b/exercise_1.py": b""}, ".zip")
    tracemalloc.start()
    read = intake.read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read.found) == 2
    assert peak < 16 << 20


def test_an_encrypted_entry_and_odd_packing_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a/exercise_1.py", "x")
        file.writestr(zipfile.ZipInfo("b/exercise_1.py"), "x", zipfile.ZIP_LZMA)
        info = zipfile.ZipInfo("c/exercise_1.py")
        info.external_attr = 0o120777 << 16
        file.writestr(info, "/etc/passwd")
        file.writestr("d/exercise_1.py", "x")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\1\2")
    data[at + 8] |= 1
    path.write_bytes(data)
    read = intake.read(path)
    assert seen(read) == [("a", "exercise-1", 1)]
    assert [(source[0], reason) for source, reason in why(read).items()] == [
        ("b", "damaged"),
        ("c", "not-a-file"),
        ("d", "encrypted"),
    ]


def test_a_damaged_member_is_its_students_alone(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a/exercise_1.py", "abcdefgh")
        file.writestr("b/exercise_1.py", "x")
    path.write_bytes(path.read_bytes().replace(b"abcdefgh", b"abcdefgX"))
    read = intake.read(path)
    assert len(read.found) == 2
    with pytest.raises(UsageError) as error:
        read.found[0].load()
    assert error.value.message.id == "intake.damaged"
    assert read.found[1].load()


def test_a_name_that_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "d.tar"
    path.write_bytes(tarred({"a/exercise_1.py": b"first = 1\n"}, "w:")[:1024])
    with path.open("ab") as file:
        file.write(tarred({"a/exercise_1.py": b"second = 1\n", "b/exercise_1.py": b""}, "w:"))
    read = intake.read(path)
    assert seen(read) == [("a", "exercise-1", 1), ("b", "exercise-1", 1)]
    assert read.found[0].load().main.cells == ("first = 1\n",)
    assert why(read) == {"a/exercise_1.py": "twice"}


def test_every_reason_has_words() -> None:
    sentences = catalogue()
    files = [Path(roster.__file__), *Path(intake.__file__).parent.glob("*.py")]
    given = {
        (file.stem if file.stem == "roster" else "intake", id)
        for file in files
        for id in re.findall(r'refuse\(\s*(?:[\w.()]+,\s*)?"([a-z-]+)"', file.read_text("utf-8"))
    }
    assert len(given) > 25
    assert not {f"{group}.{id}" for group, id in given} - set(sentences)


def test_too_deep_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "/".join(["d"] * 60)
    lay(tmp_path, {f"kim/{deep}/exercise_1.py": "", "lee/exercise_1.py": ""})
    read = intake.read(tmp_path)
    assert seen(read) == [("lee", "exercise-1", 1)]
    assert sorted(why(read).values()) == ["nothing", "too-deep"]
    monkeypatch.setattr(download, "ENTRIES", 9)
    assert refused(tmp_path).id == "intake.too-many"
    monkeypatch.setattr(download, "UNPACKED_BYTES", 9)
    assert refused(packed(tmp_path / "t", {"a/b": b""}, ".tar.gz")).id == "intake.too-large"


@pytest.mark.parametrize(
    "said",
    [
        "a: &a [x]\nb: *a\n",
        "submission_1:\n  :submitters: [*a]\n",
        "submission_1:\n  :submitters:\n  - :sid: '1'\n" * 2,
        "submission_1:\n  :submitters: 3\n",
        "submission_1: {\n",
        "? [a]\n: 1\n",
        "{" * 5000,
        "submission_1:\n  x: " + "[" * 5000 + "\n",
        "\0",
    ],
)
def test_metadata_that_is_not_gradescopes(said: str, tmp_path: Path) -> None:
    lay(tmp_path, {"submission_1/exercise_1.py": "", "submission_metadata.yml": said})
    read = intake.read(tmp_path)
    assert not read.found
    assert why(read)["submission_1"] == "no-metadata"


def test_metadata_builds_nothing_of_its_tags(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "submission_1/exercise_1.py": "",
            "submission_metadata.yml": "submission_1:\n"
            f"  x: !!python/object/apply:os.system ['touch {tmp_path}/owned']\n"
            "  :submitters:\n  - :name: !ruby/object:Gem {a: b}\n    :sid: '7'\n",
        },
    )
    assert seen(intake.read(tmp_path)) == [("7", "exercise-1", 1)]
    assert not (tmp_path / "owned").exists()


def test_the_pure_reader_of_metadata_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = downloads.gradescope(LEARNERS)
    lay(tmp_path, files)
    fast = intake.read(tmp_path)
    monkeypatch.delattr(gradescope.yaml, "CSafeLoader", raising=False)
    assert [f.attempt for f in intake.read(tmp_path).found] == [f.attempt for f in fast.found]


_PART = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=30
).filter(lambda text: text not in (".", "..") and len(text.encode()) < 255)
_FILE = st.sampled_from(
    ["exercise_1.py", "kim_exercise_2-1.py", "a_1_2_exercise_1.py", "x.zip", ".git", "__MACOSX",
     "submission_metadata.yml", "A B_9_assignsubmission_file_", "exercise-1-kim", "exercise-3"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.lists(_PART | _FILE, min_size=1, max_size=5).map("/".join), st.binary(max_size=40)
    )
)
def test_any_names_are_recognised_or_listed(files: dict[str, bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = packed(Path(folder), files, ".tar")
        read = intake.read(path)
        for found in read.found:
            assert shows(found.attempt.source)
            assert shows(found.student.id)
            try:
                found.load()
            except UsageError as error:
                assert render(error.message)
        numbers: dict[tuple[str, str], list[int]] = {}
        for student, exercise, number in seen(read):
            numbers.setdefault((student, exercise), []).append(number)
        assert all(ns == [*range(1, len(ns) + 1)] for ns in numbers.values())
        why(read)


@pytest.mark.parametrize("container", CONTAINERS)
def test_many_threads_load_at_once(container: str, tmp_path: Path) -> None:
    many = [
        replace(LEARNERS[1], id=f"s{n}", files={"exercise_1.py": f"n = {n}\n" * 50})
        for n in range(200)
    ]
    read = intake.read(packed(tmp_path, downloads.folders(many), container))
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda found: found.load(), read.found))
    assert [s.main.cells[0].split("\n")[0][4:] for s in loaded] == [
        f.student.id[1:] for f in read.found
    ]


def test_memory_does_not_grow_with_the_bytes(tmp_path: Path) -> None:
    big = "# " + "x" * 200_000 + "\n"
    many = [
        replace(LEARNERS[0], id=f"s{n}", files={"exercise_1.py": f"n = {n}\n{big}"})
        for n in range(200)
    ]
    path = packed(tmp_path, downloads.archives(many), ".zip")
    tracemalloc.start()
    read = intake.read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(read.found) == 200
    assert peak < 12 << 20  # 40 MB of code


# --- the documentation ---------------------------------------------------------------------

PAGE = (Path(__file__).parents[1] / "docs" / "instructors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"^```text download\n(.*?)^```", PAGE, re.M | re.S))
def test_examples_of_the_documentation(block: str, tmp_path: Path) -> None:
    expected = {}
    for line in block.splitlines():
        source, told = re.split(r"  +", line)
        if source.endswith("/"):
            (tmp_path / source).mkdir(exist_ok=True)
        else:
            lay(tmp_path, {source: zipped({"exercise_2.py": b""}) if "zip" in source else SIGMOID})
        expected[source.removesuffix("/").removesuffix(".zip")] = told
    said = downloads.gradescope([replace(LEARNERS[0], number=12345)])
    metadata = said["assignment_4711_export/submission_metadata.yml"]
    for top in tmp_path.glob("*/submission_metadata.yml"):
        top.write_bytes(metadata)
    read = intake.read(tmp_path)
    told = {}
    for found in read.found:
        late = ", late" if found.attempt.late else ""
        what = f"{found.student.id}: {found.attempt.exercise}{late}"
        told[found.attempt.source.partition(".zip")[0]] = what
    for one in read.unrecognised:
        told[one.source] = render(one.why)
    assert {source: text for source, text in expected.items() if text != "-"} == told


def test_columns_of_the_documentation(tmp_path: Path) -> None:
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \| `([^`]+)` \|$", PAGE, re.M)
    assert len(rows) == 6
    for header, id in rows:
        names = header.split(",")
        cells = [
            f"Participant {n}" if name == "Identifier" else f"a{n}@b"
            for n, name in enumerate(names)
        ]
        (tmp_path / "r.csv").write_text(f"{header}\n{','.join(cells)}\n")
        assert roster.read(tmp_path / "r.csv").students[0].id == cells[names.index(id)], header
