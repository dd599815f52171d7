"""`grade export` on a real gradebook of really graded files: every format, and every refusal."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

from grader import submission
from grader.answer_key import AnswerKey
from grader.grade import grade as grade_one
from grader.gradebook import Gradebook, Identity, Result, Run
from grader.records import Attempt, Student
from grader.reports.document import document
from grader.reports.exports import FORMATS
from grader.sandbox.supervisor import Limits, Sandbox

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "grader/reports/result.schema.json").read_text())
RIGHT = ROOT / "solutions" / "exercise_1.py"
STUB = ROOT / "exercises" / "exercise_1.py"
PEOPLE = [
    Student("1001", "Lovelace, Ada", "ada@x.org", {"ID": "11", "Section": "A"}),
    Student("1002", '=HYPERLINK("http://x","y")', "cmd@x.org", {"ID": "12"}),
    Student("1003", "홍길동", "hong@x.org", {"ID": "13"}),
]
CANVAS = (
    "Student,ID,SIS Login ID,Section,exercise-1 (501)\r\n"
    '"    Points Possible",,,,10.00\r\n'
    '"Lovelace, Ada",11,ada@x.org,A,1.00\r\n'
    '"=""=HYPERLINK(""""http://x"""",""""y"""")""",12,,A,\r\n'
    "Somebody,14,,A,2.00\r\n"
)

Export = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def gradebook(
    sandbox: Sandbox,
    built_key: Callable[[str], AnswerKey],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Ada: nothing, then everything right. 1002: nothing. 홍길동 has not handed in."""
    path = tmp_path_factory.mktemp("class") / "gradebook.db"
    run = Run(0, 1)
    attempts = [
        Attempt("1001", "exercise-1", 1, "ada/1.py", "stub"),
        Attempt("1001", "exercise-1", 2, "ada/2.py", "right"),
        Attempt("1002", "exercise-1", 1, "cmd.py", "stub"),
        Attempt("1002", "exercise-2", 1, "cmd.py", "other"),
    ]
    key = built_key("exercise-1")
    with Gradebook.open(path, create=True) as opened:
        opened.start(run)
        opened.enroll(PEOPLE, attempts, run)
        for attempt in attempts:
            file = RIGHT if attempt.digest == "right" else STUB
            read = submission.read(file, "exercise-1")
            report = grade_one(read, key, sandbox, Limits(), student=attempt.student)
            made = document(replace(report, exercise=attempt.exercise))
            identity = Identity(attempt.student, attempt.exercise, attempt.digest, 0, "key")
            text = json.dumps(made)
            opened.record(Result(identity, report.status, report.score, 10.0, text), run)
    return path


@pytest.fixture
def export(grade: Export, gradebook: Path, tmp_path: Path) -> Export:
    """`export(*words)` in a folder of its own: (exit code, standard output, standard error)."""
    (tmp_path / "gradebook.db").symlink_to(gradebook)
    (tmp_path / "exported.csv").write_bytes(CANVAS.encode())
    return lambda *words: grade("export", *words)


def refused(outcome: tuple[int, str, str]) -> str:
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert err.startswith("grade: ") and err.count("\n") == 1
    return err


def test_json_lines_of_what_counts_and_of_everything(export: Export) -> None:
    status, out, err = export("jsonl")
    documents = [json.loads(line) for line in out.splitlines()]
    for one in documents:
        jsonschema.validate(one, SCHEMA)
    found = [(one["student"], one["exercise"], one["score"]) for one in documents]
    assert found == [
        ("1001", "exercise-1", 10.0),
        ("1002", "exercise-1", 0.0),
        ("1002", "exercise-2", 0.0),
    ]
    assert (status, err) == (0, "students: 2, exercises: 2\n")
    _, out, _ = export("jsonl", "--all-attempts", "--student", "1001")
    assert [json.loads(line)["score"] for line in out.splitlines()] == [0.0, 10.0]


def test_a_table_of_the_class(export: Export) -> None:
    _, out, _ = export("csv", "--out", "-")
    assert out.replace("\r\n", "\n") == (
        "student,name,email,exercise-1,exercise-2,total\n"
        '1001,"Lovelace, Ada",ada@x.org,10,,10\n'
        '1002,"\'=HYPERLINK(""http://x"",""y"")",cmd@x.org,0,0,0\n'
        "1003,홍길동,hong@x.org,,,\n"
    )
    _, out, _ = export("csv", "--long", "--exercise", "exercise_1")
    assert [row["score"] for row in csv.DictReader(io.StringIO(out))] == ["10", "0"]


def test_a_canvas_file_is_filled_in(export: Export, tmp_path: Path) -> None:
    words = ("canvas", "--into", "exported.csv", "--exercise", "exercise-1")
    status, out, err = export(*words)
    filled = CANVAS.replace("A,1.00", "A,10.00").replace("12,,A,", "12,,A,0.00")
    assert (status, out.encode()) == (0, filled.encode())
    assert err == "students: 2, exercises: 1; 1 rows of exported.csv without a result\n"
    assert (tmp_path / "exported.csv").read_bytes() == CANVAS.encode()
    # Written over only where that is asked for.
    assert export(*words, "--out", "exported.csv")[0] == 0
    assert (tmp_path / "exported.csv").read_bytes() == filled.encode()


def test_an_assignment_can_be_named(export: Export, tmp_path: Path) -> None:
    (tmp_path / "exported.csv").write_text(CANVAS.replace("exercise-1", "Homework"))
    words = ("canvas", "--into", "exported.csv", "--exercise", "exercise-1")
    assert "--column exercise-1=ID" in refused(export(*words))
    for name in ("501", "homework"):
        assert ",10.00" in export(*words, "--column", f"exercise_1={name}")[1]


def test_a_moodle_worksheet_is_filled_in(export: Export, tmp_path: Path) -> None:
    header = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade),Feedback comments"
    worksheet = f'{header}\n"Participant 1001",Ada,,10.00,-,\n'
    (tmp_path / "grades.csv").write_text(worksheet)
    words = ("moodle", "--into", "grades.csv", "--out", "filled.csv", "--exercise", "exercise-1")
    status, out, err = export(*words)
    assert (status, out) == (0, "")
    assert "1 not in grades.csv: 1002" in err
    text = (tmp_path / "filled.csv").read_text()
    assert text.startswith(f'{header}\n"Participant 1001",Ada,10.00,10.00,-,"Score 10 / 10<br>')


def test_parquet(export: Export, tmp_path: Path) -> None:
    assert export("parquet", "--out", "class.parquet", "--all-attempts")[0] == 0
    read = pq.read_table(tmp_path / "class.parquet").to_pylist()
    assert [(row["student"], row["attempt"], row["counts"]) for row in read] == [
        ("1001", 1, False),
        ("1001", 2, True),
        ("1002", 1, True),
        ("1002", 1, True),
    ]
    assert dict(read[0]["columns"]) == {"ID": "11", "Section": "A"}


def test_a_folder_of_gradescope_results(export: Export, tmp_path: Path) -> None:
    assert export("gradescope", "--out", "out/")[0] == 0
    found = sorted(str(p.relative_to(tmp_path)) for p in (tmp_path / "out").rglob("*.json"))
    assert found == [
        "out/exercise-1/1001.json",
        "out/exercise-1/1002.json",
        "out/exercise-2/1002.json",
    ]
    assert json.loads((tmp_path / "out/exercise-1/1001.json").read_text())["score"] == 10.0
    assert "out" in refused(export("gradescope", "--out", "out/"))


@pytest.mark.parametrize("format", ["gradescope", "github-classroom", "github-classroom-env"])
def test_one_student_and_exercise(export: Export, format: str) -> None:
    words = (format, "--student", "1002", "--exercise", "exercise-1")
    status, out, err = export(*words)
    assert (status, err) == (0, "students: 1, exercises: 1\n")
    assert out
    assert "one exercise" in refused(export(*words[:3]))
    assert "one student" in refused(export(format))


def test_classroom50_inside_its_runner(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("classroom50", "--student", "1001")
    assert "`CLASSROOM`" in refused(export(*words))
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(name, "submit/x")
    status, out, _ = export(*words)
    assert (status, json.loads(out)["score"]) == (0, 1000)


@pytest.mark.parametrize("format", ["junit", "canvas", "moodle"])
def test_the_class_in_other_formats(export: Export, format: str) -> None:
    status, out, err = export(format)
    assert status == 0 and "Ada" in out and err.startswith("students: 2, exercises: 2")


def test_the_policies_of_a_course(export: Export, tmp_path: Path) -> None:
    policy = '[exercises.exercise-1]\nweight = 2\nhidden = ["sigmoid-values"]\n'
    (tmp_path / "course.toml").write_text(policy)
    _, out, _ = export("csv", "--course", "course.toml", "--student", "1001")
    assert out.splitlines()[1].endswith(",10,10,100")
    _, out, _ = export("moodle", "--course", "course.toml")
    assert out.splitlines()[0].endswith("exercise-1,exercise-1 feedback")
    assert "Hidden: its inputs and values are not shown." in out
    _, out, _ = export("jsonl", "--course", "course.toml", "--student", "1002")
    assert "Hidden" not in out  # an instructor's format
    words = ("csv", "--course", "course.toml", "--exercise", "exercise-2")
    assert "exercise-2" in refused(export(*words))


@pytest.mark.parametrize("word", ["1", "exercise_1", "Exercise 01"])
def test_an_exercise_may_be_spelled_as_everywhere(export: Export, word: str) -> None:
    asked = export("csv", "--exercise", word)
    assert asked[0] == 0 and asked[1] == export("csv", "--exercise", "exercise-1")[1]
    into = ("--into", "exported.csv", "--column", f"{word}=501")
    filled = export("canvas", "--exercise", word, *into)
    assert filled[0] == 0 and 'Ada",11,ada@x.org,A,10.00' in filled[1]


def test_the_percentage_is_of_the_exercises_that_are_asked_for(
    export: Export, tmp_path: Path
) -> None:
    policy = "[exercises.exercise-1]\nweight = 1\n[exercises.exercise-2]\nweight = 3\n"
    (tmp_path / "course.toml").write_text(policy)
    words = ("csv", "--course", "course.toml", "--student", "1001")
    assert export(*words)[1].splitlines()[1].endswith(",10,,10,25")
    narrow = export(*words, "--exercise", "exercise-1")[1]
    assert narrow.splitlines()[1].endswith(",10,10,100")


def test_dates_that_could_not_be_applied_are_told(export: Export, tmp_path: Path) -> None:
    late = "[late]\nper_day = 0.1\n"
    due = "[exercises.exercise-1]\ndue = 2026-01-01T00:00:00\n"
    (tmp_path / "course.toml").write_text(late + due)
    status, _, err = export("csv", "--course", "course.toml")
    assert status == 0 and err.count("\n") == 1
    assert "2 that count do not say when they were handed in" in err
    (tmp_path / "course.toml").write_text(late + "[exercises.exercise-1]\n")
    assert "when they were" not in export("csv", "--course", "course.toml")[2]


def test_an_exercise_that_nobody_has_begun_costs_nobody_anything(
    export: Export, tmp_path: Path
) -> None:
    ids = ("exercise-1", "exercise-2", "exercise-3", "exercise-4")
    (tmp_path / "course.toml").write_text("".join(f"[exercises.{id_}]\n" for id_ in ids))
    rows = export("csv", "--course", "course.toml")[1].splitlines()
    # 1002 alone has handed exercise-2 in: it counts for everybody, and the others for nobody.
    assert rows[1].endswith(",10,,10,50")
    own = export("csv", "--course", "course.toml", "--student", "1001")[1].splitlines()
    assert own[1] == rows[1]


def test_nobody_is_marked_with_a_fault_of_the_grader(export: Export, tmp_path: Path) -> None:
    _, out, _ = export("jsonl")
    right, wrong, _ = map(json.loads, out.splitlines())
    broken = [{**c, "message": {"id": "batch.failed", "params": {}}} for c in wrong["checks"]]
    with Gradebook.open("own.db", create=True) as opened:
        run = Run(0, 1)
        opened.start(run)
        made = [right, {**wrong, "status": "error", "checks": broken}]
        attempts = [Attempt(one["student"], "exercise-1", 1, "a.py", "d") for one in made]
        opened.enroll(PEOPLE, attempts, run)
        for one in made:
            identity = Identity(one["student"], "exercise-1", "d", 0, "key")
            result = Result(identity, one["status"], one["score"], 10.0, json.dumps(one))
            opened.record(result, run)
    own = ("--gradebook", "own.db")
    for words in (("canvas",), ("canvas", "--into", "exported.csv"), ("moodle",)):
        status, out, err = export(*words, *own)
        assert status == 0 and err.startswith("students: 1, exercises: 1")
        assert "1 got no mark" in err and "1002" in err
    _, out, _ = export("csv", *own)
    assert "cmd@x.org,," in out
    assert "no mark for 1002" in refused(export("gradescope", "--student", "1002", *own))
    # A program that asks for results is told of it.
    assert "<error" in export("junit", *own)[1]
    assert '"batch.failed"' in export("jsonl", *own)[1]
    with Gradebook.open("own.db") as opened:  # another exercise, which went well
        more = Attempt("1002", "exercise-2", 1, "b.py", "e")
        opened.enroll([], [more], run)
        identity = Identity("1002", "exercise-2", "e", 0, "key")
        text = json.dumps({**right, "exercise": "exercise-2", "student": "1002"})
        opened.record(Result(identity, "passed", 10.0, 10.0, text), run)
    (tmp_path / "course.toml").write_text("[exercises.exercise-1]\n[exercises.exercise-2]\n")
    _, out, _ = export("csv", "--course", "course.toml", *own)
    ada, other = out.splitlines()[1:3]
    assert ada.endswith(",10,,10,50")
    assert other.endswith("cmd@x.org,,10,,")  # no sum without what we failed over


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("canva",), "did you mean canvas"),
        (("xml1",), "`parquet`"),
        (("csv", "--gradebook", "no.db"), "no.db"),
        (("csv", "--gradebook", "exported.csv"), "exported.csv"),
        (("csv", "--student", "1003"), "student 1003"),
        (("csv", "--student", "\x1b[31m"), "\\x1b[31m"),
        (("csv", "--exercise", "exercise-9"), "it has `exercise-1`, `exercise-2`"),
        (("csv", "--exercise", "9"), "no result for exercise-9"),
        (("csv", "--into", "exported.csv"), "--into"),
        (("canvas", "--column", "exercise-1=501"), "--column"),
        (("canvas", "--into", "exported.csv", "--column", "501"), "501"),
        (("canvas", "--into", "exported.csv"), "no column for exercise-2"),
        (("canvas", "--into", "no.csv"), "no.csv"),
        (("moodle", "--into", "exported.csv"), "`Identifier`"),
        (("jsonl", "--long"), "--long"),
        (("csv", "--out", "gradebook.db"), "gradebook"),
        (("csv", "--gradebook", "sqlite:///gradebook.db", "--out", "gradebook.db"), "gradebook"),
        (("csv", "--out", "no/such/x.csv"), "cannot be written"),
    ],
)
def test_what_does_not_work_is_one_line(
    export: Export, gradebook: Path, words: tuple[str, ...], said: str
) -> None:
    before = gradebook.read_bytes()
    assert said in refused(export(*words))
    assert gradebook.read_bytes() == before


def test_a_gradebook_of_another_course(export: Export, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("[exercises.exercise-5]\n")
    said = refused(export("csv", "--course", "course.toml"))
    assert "it has `exercise-1`, `exercise-2`" in said and "yet" not in said


def test_an_empty_gradebook(export: Export) -> None:
    Gradebook.open("empty.db", create=True).close()
    assert "`grade batch`" in refused(export("csv", "--gradebook", "empty.db"))


def test_help_names_every_format(export: Export) -> None:
    status, out, _ = export("--help")
    text = " ".join(out.split())
    assert status == 0 and all(name in text for name in FORMATS)


def test_a_reader_that_has_enough_is_no_fault(gradebook: Path) -> None:
    run = subprocess.run(
        f'"{sys.executable}" -m grader export jsonl --gradebook "{gradebook}" | head -c 1',
        shell=True,
        capture_output=True,
        check=True,
    )
    assert run.stdout == b"{" and b"Traceback" not in run.stderr
