"""The gradebook on real databases: what is put in comes out, whoever else writes, whatever is
killed."""

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect

from grader.gradebook import Gradebook, Identity, Result, Run, _row_of_run, opening, tables
from grader.model import GraderError, UsageError
from grader.records import Attempt, Student
from grader.reports.words import render

NAMES = ["김민준", "Zoë", "👩🏽‍🔬", "שָׁלוֹם", '=HYPERLINK("x")', 'O\'Hara, "Bo"', "a\\b%s:n"]
MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    database: Callable[[], str] = request.getfixturevalue("postgres")
    return database()


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    return str(tmp_path / "gradebook.db")


def attempt(student: str = "kim", number: int = 1, digest: str = "d1", **more: object) -> Attempt:
    return replace(Attempt(student, "exercise-1", number, "kim.py", digest), **more)  # type: ignore[arg-type]


def result(of: Attempt, score: float = 10.0, *, seed: int = 0, grading: str = "g") -> Result:
    document = json.dumps({"student": of.student, "score": score, "seed": seed})
    status = "passed" if score == 10 else "failed"
    identity = Identity(of.student, of.exercise, of.digest, seed, grading)
    return Result(identity, status, score, 10.0, document)


def handed_in(gradebook: Gradebook, *attempts: Attempt, run: Run | None = None) -> Run:
    """The attempts are enrolled and graded in a run; the score is the number of the attempt."""
    run = run or Run(0, 1)
    gradebook.start(run)
    gradebook.enroll([Student(a.student) for a in attempts], attempts, run)
    for one in attempts:
        gradebook.record(result(one, one.number), run)
    return run


def refused(where: str | Path, *, create: bool = True) -> tuple[str, str]:
    """Id and words of the refusal."""
    with pytest.raises(UsageError) as caught:
        Gradebook.open(where, create=create)
    message = caught.value.message
    words = render(message)
    assert "\n" not in words
    return message.id, words


# --- what goes in comes out ---------------------------------------------------------------------


def test_it_knows_the_exercises_that_have_results(sqlite: str) -> None:
    with Gradebook.open(sqlite, create=True) as gradebook:
        assert gradebook.exercises() == []
        handed_in(gradebook, attempt(), attempt("lee"), attempt(exercise="exercise-2"))
        run = Run(0, 1)
        gradebook.start(run)
        gradebook.enroll([], [attempt(exercise="exercise-3")], run)
        assert sorted(gradebook.exercises()) == ["exercise-1", "exercise-2"]


def test_students_come_back_as_they_were(where: str) -> None:
    people = [
        Student(f"{n}{name}", name, f"{n}@example.org", {"SIS Login ID": name, "Sektion ü": ""})
        for n, name in enumerate(NAMES)
    ]
    with Gradebook.open(where, create=True) as gradebook:
        gradebook.enroll(reversed(people), [], Run(0, 1))
    with Gradebook.open(where) as gradebook:
        assert list(gradebook.students()) == people


def test_an_attempt_and_its_document_come_back_as_they_were(where: str) -> None:
    seoul = timezone(timedelta(hours=9))
    handed = attempt("김", 3, "ab" * 32, submitted=MORNING.astimezone(seoul), late=True)
    document = '{"stdout":"\\u0000 \\ud800","score": 2.5,  "student":"김"}'
    identity = Identity("김", "exercise-1", "ab" * 32, 2**32 - 1, "g")
    with Gradebook.open(where, create=True) as gradebook:
        run = Run(0, 1)
        gradebook.start(run)
        gradebook.enroll([Student("김", "민준")], [handed], run)
        gradebook.record(Result(identity, "failed", 2.5, 10.0, document), run)
        [graded] = gradebook.graded()
        [row] = gradebook._stream(tables.reports.select())
    assert graded.student == Student("김", "민준")
    assert graded.attempt == handed
    assert graded.document == json.loads(document)
    assert (graded.score, graded.counts) == (2.5, True)
    assert row.document == document


def test_text_that_no_database_takes_does_not_stop_a_class(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        gradebook.enroll([Student("kim", "a\0b\ud800c")], [], Run(0, 1))
        assert [s.name for s in gradebook.students()] == ["a\N{REPLACEMENT CHARACTER}b?c"]


def test_a_run_says_what_graded(where: str) -> None:
    run = Run(7, 1, {"numpy": "2.4"}, {"exercise-1": "abc"})
    with Gradebook.open(where, create=True) as gradebook:
        gradebook.start(run)
        assert list(gradebook.runs()) == [run]
        gradebook.finish(run)
        [done] = gradebook.runs()
    assert done.finished is not None
    assert replace(done, finished=None) == run


def test_what_a_roster_said_stays_when_a_download_says_nothing(where: str) -> None:
    kim = Student("kim", "Kim", "kim@example.org", {"Section": "A"})
    with Gradebook.open(where, create=True) as gradebook:
        gradebook.enroll([kim], [], Run(0, 1))
        gradebook.enroll([Student("kim")], [], Run(0, 1))
        assert list(gradebook.students()) == [kim]
        gradebook.enroll([replace(kim, name="Kim Lee")], [], Run(0, 1))
        assert [s.name for s in gradebook.students()] == ["Kim Lee"]


def test_everything_comes_by_student_and_exercise_in_the_order_of_code_points(where: str) -> None:
    students = ["a", "B", "É", "e", "_", "a b", "ab", "김", "😀", "\uffee"]
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, *(attempt(s) for s in students))
        assert [g.student.id for g in gradebook.graded()] == sorted(students)
        assert [s.id for s in gradebook.students()] == sorted(students)


def test_one_student_or_some_exercises_can_be_asked_for(where: str) -> None:
    other = attempt(exercise="exercise-2")
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt(), other, attempt("lee"))
        assert [g.attempt for g in gradebook.graded(exercises=["exercise-2"])] == [other]
        assert [g.attempt for g in gradebook.graded(student="lee")] == [attempt("lee")]


# --- which attempt counts -----------------------------------------------------------------------


def counting(gradebook: Gradebook) -> list[tuple[str, bool]]:
    return [(g.attempt.digest, g.counts) for g in gradebook.graded()]


def test_the_latest_number_counts(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt(number=2, digest="late"), attempt(number=1, digest="early"))
        assert counting(gradebook) == [("early", False), ("late", True)]


def test_the_latest_time_counts_where_it_is_known(where: str) -> None:
    first = attempt(digest="first", submitted=MORNING, number=2)
    second = attempt(digest="second", submitted=MORNING + timedelta(microseconds=1), number=1)
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, second, first)
        assert counting(gradebook) == [("first", False), ("second", True)]


def test_a_later_download_counts_where_no_time_is_known(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt(digest="old"))
        handed_in(gradebook, attempt(digest="new"))
        assert counting(gradebook) == [("old", False), ("new", True)]


def test_the_same_file_handed_in_again_after_another_counts(where: str) -> None:
    a, b, again = attempt(digest="a"), attempt(digest="b", number=2), attempt(digest="a", number=3)
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, a, b, again)
        assert counting(gradebook) == [("a", False), ("b", False), ("a", True)]


def test_an_interrupted_run_does_not_change_which_attempt_counts(where: str) -> None:
    first, second = attempt(number=1, digest="first"), attempt(number=2, digest="second")
    with Gradebook.open(where, create=True) as gradebook:
        killed = Run(0, 1)
        gradebook.start(killed)
        gradebook.enroll([Student("kim")], [first, second], killed)
        gradebook.record(result(second), killed)
        assert gradebook.waiting() == 1
        again = Run(0, 1)
        gradebook.start(again)
        gradebook.enroll([Student("kim")], [first, second], again)
        gradebook.record(result(first), again)
        assert gradebook.waiting() == 0
        assert counting(gradebook) == [("first", False), ("second", True)]


# --- results ------------------------------------------------------------------------------------


def test_a_result_of_the_same_identity_takes_the_place_of_the_earlier(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        run = handed_in(gradebook, attempt())
        gradebook.record(result(attempt(), 4), run)
        gradebook.record(result(attempt(), 4), run)
        assert [g.score for g in gradebook.graded()] == [4]


def test_of_several_gradings_of_an_attempt_the_latest_is_given(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        run = handed_in(gradebook, attempt())
        gradebook.record(result(attempt(), 4, grading="other"), run)
        gradebook.record(result(attempt(), 5, seed=1), run)
        gradebook.record(result(attempt(), 6), run)
        assert [g.score for g in gradebook.graded()] == [6]


def test_a_result_that_is_asked_for_again_is_the_latest_again(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        run = handed_in(gradebook, attempt(), attempt("lee"))
        first = result(attempt(), 1).of
        for student in ("kim", "lee"):
            gradebook.record(result(attempt(student), 4, grading="other"), run)
        gradebook.recall([first, first._replace(seed=7)])
        assert {g.student.id: g.score for g in gradebook.graded()} == {"kim": 1, "lee": 4}
        gradebook.recall([])


def test_finished_is_what_is_the_same_in_everything_and_no_error(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        run = handed_in(gradebook, attempt(number=10))
        done = result(attempt()).of
        others = [
            done._replace(student="lee"),
            done._replace(exercise="exercise-2"),
            done._replace(digest="d2"),
            done._replace(seed=1),
            done._replace(grading="h"),
        ]
        assert gradebook.finished([done, *others]) == {done: "passed"}
        gradebook.record(replace(result(attempt()), status="error"), run)
        assert gradebook.finished([done]) == {}


def test_a_regrade_knows_its_own_results_until_a_run_has_come_to_its_end(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt("kim"), attempt("lee"))
        kim, lee = (result(attempt(name)).of for name in ("kim", "lee"))
        assert gradebook.unfinished_regrade() is None
        first = Run(0, 1, regrade="r")
        gradebook.start(first)
        assert gradebook.finished([kim, lee], "r") == {}
        gradebook.record(result(attempt("kim")), first)
        assert gradebook.unfinished_regrade() == "r"
        second = Run(0, 1, regrade="r")
        gradebook.start(second)
        gradebook.record(result(attempt("lee")), second)
        assert gradebook.finished([kim, lee], "r") == {kim: "passed", lee: "passed"}
        assert gradebook.finished([kim, lee], "other") == {}
        assert [run.regrade for run in gradebook.runs()] == [None, "r", "r"]
        gradebook.finish(second)
        assert gradebook.unfinished_regrade() is None


# --- with others --------------------------------------------------------------------------------


def _write(where: str, writer: int, count: int) -> None:
    """Read, then write, in one process of several."""
    with Gradebook.open(where, create=True) as gradebook:
        run = Run(writer, 1)
        gradebook.start(run)
        for number in range(count):
            one = attempt(f"s{number}", digest=f"d{writer}")
            gradebook.enroll([Student(one.student)], [one], run)
            if not gradebook.finished([result(one).of]):
                gradebook.record(result(one, number % 10), run)
        gradebook.finish(run)


def test_several_processes_open_a_new_gradebook_and_write_at_the_same_time(where: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        for _ in range(2):  # the second time, everything is there
            for future in [pool.submit(_write, where, writer, 40) for writer in range(4)]:
                future.result()
    with Gradebook.open(where) as gradebook:
        assert len(list(gradebook.graded())) == 4 * 40
        assert sum(g.score for g in gradebook.graded()) == 4 * sum(n % 10 for n in range(40))
        assert len(list(gradebook.runs())) == 8
        assert all(run.finished for run in gradebook.runs())


def test_reading_does_not_wait_for_writing_nor_writing_for_reading(where: str) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        run = handed_in(gradebook, *(attempt(f"s{n:04}") for n in range(1200)))
        reading = gradebook.graded()
        assert [g.student.id for g in islice(reading, 2)] == ["s0000", "s0001"]
        gradebook.record(result(attempt("s1100"), 7), run)
        scores = [g.score for g in reading]
        assert len(scores) == 1198
        assert 7 not in scores  # as it was when the reading began
        with gradebook._writing() as connection:
            row = {"id": "z", "name": "", "email": "", "columns": "{}"}
            gradebook._put(connection, tables.students, [row])
            with Gradebook.open(where) as other:
                assert len(list(other.students())) == 1200


_WRITER = """
import sys
from tests.test_gradebook import *
with Gradebook.open(sys.argv[1], create=True) as gradebook:
    run = Run(0, 1)
    gradebook.start(run)
    gradebook.enroll([Student("kim")], [], run)
    for number in range(100_000):
        one = attempt(number=1, digest=f"d{number}")
        gradebook.enroll([], [one], run)
        gradebook.record(result(one, 3), run)
        print(number, flush=True)
"""


def test_what_was_recorded_outlives_a_kill_in_the_middle_of_writing(where: str) -> None:
    for wanted in (1, 17, 60):
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, where],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert writer.stdout is not None
        said = [next(writer.stdout) for _ in range(wanted)]
        time.sleep(0.003)
        writer.send_signal(signal.SIGKILL)
        said += list(writer.stdout)
        writer.wait()
        with Gradebook.open(where) as gradebook:
            kept = {g.attempt.digest for g in gradebook.graded()}
            assert {f"d{n}" for n in range(len(said))} <= kept
            assert gradebook.waiting() <= 1
    if "://" not in where:
        with sqlite3.connect(where) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- merging ------------------------------------------------------------------------------------


def test_gradebooks_of_shards_become_one_and_merging_again_changes_nothing(
    where: str, tmp_path: Path
) -> None:
    kim = [attempt("kim", n, f"k{n}") for n in (1, 2)]
    lee = [attempt("lee", n, f"l{n}", late=False) for n in (1, 2)]
    with (
        Gradebook.open(tmp_path / "1.db", create=True) as first,
        Gradebook.open(tmp_path / "2.db", create=True) as second,
        Gradebook.open(tmp_path / "all.db", create=True) as alone,
        Gradebook.open(where, create=True) as merged,
    ):
        handed_in(first, *kim)
        handed_in(second, *lee)
        handed_in(alone, *kim, *lee)
        for shard in (first, second, second, first):
            merged.merge(shard)
        assert list(merged.graded()) == list(alone.graded())
        assert list(merged.students()) == list(alone.students())
        assert {r.id for r in merged.runs()} == {r.id for b in (first, second) for r in b.runs()}


def test_merging_keeps_what_was_made_last(tmp_path: Path) -> None:
    with (
        Gradebook.open(tmp_path / "old.db", create=True) as old,
        Gradebook.open(tmp_path / "new.db", create=True) as new,
    ):
        handed_in(old, attempt())
        run = handed_in(new, attempt())
        new.record(result(attempt(), 9), run)
        new.merge(old)
        assert [g.score for g in new.graded()] == [9]
        old.merge(new)
        assert [g.score for g in old.graded()] == [9]


# --- versions -----------------------------------------------------------------------------------

_NEXT = '''
"""A column more, and one that is not empty any longer."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("students") as table:
        table.add_column(sa.Column("pronouns", sa.Text, nullable=False, server_default="they"))
    with op.batch_alter_table("submissions") as table:
        table.alter_column("source", existing_type=sa.Text, nullable=True)
'''


def test_a_gradebook_of_an_older_version_is_brought_up_to_date(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt(), attempt("lee"))
        before = list(gradebook.graded())
    scripts = tmp_path / "100% migrations"
    shutil.copytree(opening.SCRIPTS, scripts)
    (scripts / "versions" / "v0002_next.py").write_text(_NEXT)
    monkeypatch.setattr(opening, "SCRIPTS", scripts)
    monkeypatch.setattr(opening, "VERSIONS", (*tables.VERSIONS, "next"))
    for _ in range(2):
        with Gradebook.open(where) as gradebook:
            assert list(gradebook.graded()) == before
            columns = inspect(gradebook._engine).get_columns("students")
            assert "pronouns" in {column["name"] for column in columns}
            handed_in(gradebook, attempt("new"))
            with pytest.raises(GraderError, match=r"(?i)foreign key"):
                gradebook.enroll([], [attempt("nobody")], Run(0, 1))
            gradebook._engine.dispose()
        before = list(Gradebook.open(where).graded())
    monkeypatch.undo()
    assert refused(where)[0] == "usage.gradebook-newer"


def test_runs_of_the_first_version_were_no_regrades(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(opening.SCRIPTS, scripts)
    for later in (scripts / "versions").glob("v*.py"):
        if later.name > "v0002":
            later.unlink()
    monkeypatch.setattr(opening, "SCRIPTS", scripts)
    monkeypatch.setattr(opening, "VERSIONS", ("0001",))
    run = Run(7, 1, {"numpy": "2.4"}, {"exercise-1": "abc"})
    row = _row_of_run(run)
    del row["regrade"]
    with Gradebook.open(where, create=True) as gradebook, gradebook._engine.begin() as connection:
        connection.execute(insert(tables.runs), row)
    monkeypatch.undo()
    with Gradebook.open(where) as gradebook:
        assert list(gradebook.runs()) == [run]
        assert gradebook.unfinished_regrade() is None


def test_a_migration_that_is_killed_leaves_the_gradebook_as_it_was(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Gradebook.open(where, create=True) as gradebook:
        handed_in(gradebook, attempt())
        before = list(gradebook.graded())
    scripts = tmp_path / "migrations"
    shutil.copytree(opening.SCRIPTS, scripts)
    fatal = _NEXT + "    import os; os.kill(os.getpid(), 9)\n"
    (scripts / "versions" / "v0002_next.py").write_text(fatal)
    program = f"""
        from pathlib import Path
        from grader.gradebook import Gradebook, opening
        opening.SCRIPTS, opening.VERSIONS = Path({str(scripts)!r}), (*opening.VERSIONS, "next")
        Gradebook.open({where!r})
        """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert ended.returncode == -signal.SIGKILL
    with Gradebook.open(where) as gradebook:
        assert list(gradebook.graded()) == before


def test_the_migrations_make_the_tables_that_the_program_uses(where: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with Gradebook.open(where, create=True) as gradebook, gradebook._engine.connect() as connection:
        options = {"version_table": tables.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []


def test_alembic_is_imported_only_where_something_is_to_be_migrated(sqlite: str) -> None:
    Gradebook.open(sqlite, create=True).close()
    program = (
        "import sys; from grader.gradebook import Gradebook;"
        f"Gradebook.open({sqlite!r}, create=True); print('alembic' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout == "False\n"


# --- what is none -------------------------------------------------------------------------------


def test_a_gradebook_that_is_not_there_is_not_made_by_reading(sqlite: str) -> None:
    id_, words = refused(sqlite, create=False)
    assert id_ == "usage.gradebook-missing"
    assert "grade batch" in words
    assert not Path(sqlite).exists()


@pytest.mark.parametrize("create", [True, False])
def test_another_file_is_left_alone(tmp_path: Path, create: bool) -> None:
    text = tmp_path / "marks.txt"
    text.write_text("kim 10\n" * 1000)
    assert refused(text, create=create)[0] == "usage.gradebook-is-not"
    assert text.read_text() == "kim 10\n" * 1000
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE students (id)")
    connection.close()
    before = other.read_bytes()
    assert refused(other, create=create)[0] == "usage.gradebook-is-not"
    assert other.read_bytes() == before
    assert refused(tmp_path, create=create)[0] == "usage.gradebook-is-not"


def test_a_database_of_something_else_is_left_alone(postgres: Callable[..., str]) -> None:
    import psycopg

    address = postgres()
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE orders (id int)")
    assert refused(address)[0] == "usage.gradebook-is-not"
    assert refused(postgres(), create=False)[0] == "usage.gradebook-is-not"


def test_where_nothing_can_be_written_it_is_said_before_grading(tmp_path: Path) -> None:
    assert refused(tmp_path / "no folder" / "g.db")[0] == "usage.gradebook-unwritable"
    assert refused("/proc/gradebook.db")[0] == "usage.gradebook-unwritable"


@pytest.mark.skipif(getattr(os, "getuid", int)() == 0, reason="root writes everywhere")
def test_a_file_that_may_only_be_read_is_not_graded_into(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    Gradebook.open(path, create=True).close()
    path.chmod(0o400)
    assert refused(path)[0] == "usage.gradebook-unwritable"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://kim:hush@127.0.0.1:1/grades",
        "postgres://kim@localhost:1/grades?password=hush",
        "postgresql://kim:hush@no-such-host.invalid/grades",
    ],
)
def test_a_server_that_does_not_answer(address: str) -> None:
    id_, words = refused(address)
    assert id_ == "usage.gradebook-unreachable"
    assert "/grades" in words
    assert "hush" not in words


@pytest.mark.parametrize(
    "address",
    [
        "mysql://kim:hush@localhost/grades",
        "postgresql://kim:hush@localhost:port/grades",
        "://kim:hush",
        "sqlite://",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    id_, words = refused(address)
    assert id_ == "usage.gradebook-address"
    assert "hush" not in words


def test_a_wrong_password_is_not_repeated(postgres: Callable[..., str]) -> None:
    address = postgres().replace("hush", "Sesame")
    id_, words = refused(address)
    assert id_ == "usage.gradebook-unreachable"
    assert "authentication" in words
    assert "Sesame" not in words
    assert "Sesame" not in Gradebook.open(address.replace("Sesame", "hush"), create=True).name


def test_a_database_that_cannot_hold_every_name(postgres: Callable[..., str]) -> None:
    address = postgres(ENCODING="SQL_ASCII", LOCALE="C")
    id_, words = refused(address)
    assert id_ == "usage.gradebook-encoding"
    assert "SQL_ASCII" in words


def test_a_server_that_goes_away_is_the_graders_fault(postgres: Callable[..., str]) -> None:
    import psycopg

    address = postgres()
    with Gradebook.open(address, create=True) as gradebook:
        handed_in(gradebook, attempt())
        with (
            pytest.raises(GraderError, match="gradebook") as caught,
            gradebook._writing() as connection,
        ):
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with psycopg.connect(address) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
            connection.exec_driver_sql("SELECT 1")
        assert "hush" not in str(caught.value)
        assert len(list(gradebook.graded())) == 1  # it has come back
