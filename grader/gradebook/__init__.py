"""The gradebook: what a class handed in and what came of it, in a SQLite file or in PostgreSQL.

    with Gradebook.open("gradebook.db", create=True) as gradebook:
        run = Run(seed=0, isolation=1)
        gradebook.start(run)
        gradebook.enroll(students, attempts, run)
        gradebook.record(result, run)  # as soon as it is there
        gradebook.finish(run)
        for graded in gradebook.graded():
            ...

Any number of processes may read and write at the same time. A file must not lie on a network
drive (its write-ahead log needs memory that the processes share): use PostgreSQL there.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, Engine, Row, Select, Table, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from grader.model import GraderError
from grader.records import Attempt, Graded, Student

from .opening import no_space, open_engine
from .tables import reports, runs, students, submissions

T = TypeVar("T")
_CHUNK = 500


def _now() -> datetime:
    return datetime.now(UTC)


class Identity(NamedTuple):
    """What a result is a result of: while all of it is the same, so is the result."""

    student: str
    exercise: str
    digest: str
    """Of the submission."""
    seed: int
    grading: str
    """A hash of the key and of everything else that judged."""


@dataclass(frozen=True, slots=True)
class Result:
    """One result document, as it is kept."""

    of: Identity
    status: str
    score: float
    max_score: float
    document: str
    """JSON, kept to the last byte."""


@dataclass(frozen=True, slots=True)
class Run:
    """One time that `grade batch` was started."""

    seed: int
    isolation: int
    """The level that submissions ran at, see `grader.sandbox.levels`."""
    versions: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    """The hash of the answer key, by exercise."""
    started: datetime = field(default_factory=_now)
    finished: datetime | None = None
    """None while it goes on, and for ever where it was killed."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    regrade: str | None = None
    """Where what has a result is graded again: the id of the first run of those that were
    interrupted over it, or its own."""


class Gradebook:
    """An open gradebook; may be shared between threads."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads=True)
        self._upserts = _upserts(engine.dialect.name)
        self.name = name
        """The file or the server, as a person may read it: without a password."""

    @classmethod
    def open(cls, where: str | Path, *, create: bool = False) -> Self:
        """The gradebook in a file, or at an address such as postgresql://user@host/database.

        With `create` it is made where there is none, and has to be writable. One that an older
        version made is brought up to date. Raises UsageError (usage.gradebook-...), or
        NoSpaceError.
        """
        return cls(*open_engine(where, create=create))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    # --- written -------------------------------------------------------------------------------

    def start(self, run: Run) -> None:
        """Note that `run` has begun."""
        with self._writing() as connection:
            self._put(connection, runs, [_row_of_run(run)])

    def finish(self, run: Run) -> None:
        """Note that `run` has done its work."""
        with self._writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run.id).values(finished=_now()))

    def enroll(self, people: Iterable[Student], attempts: Iterable[Attempt], run: Run) -> None:
        """Note who is in the class and what they handed in, before any of it is graded.

        All at once: the attempts of one download stay in the order of their numbers, however
        often grading them is interrupted. What is known of a student already is kept where
        nothing newer is given.
        """
        with self._writing() as connection:
            for chunk in _chunks(people):
                self._put(connection, students, [_row_of_student(student) for student in chunk])
            for found in _chunks(attempts):
                rows = [_row_of_attempt(attempt, run.started) for attempt in found]
                self._put(connection, submissions, rows)

    def record(self, result: Result, run: Run) -> None:
        """Keep `result`, in place of an earlier one of the same identity; a transaction."""
        row = {
            **result.of._asdict(),
            "run": run.id,
            "made": _now(),
            "status": result.status,
            "score": result.score,
            "max_score": result.max_score,
            "document": result.document,
        }
        with self._writing() as connection:
            self._put(connection, reports, [row])

    def recall(self, identities: Sequence[Identity]) -> None:
        """Let the results of `identities` (a few hundred) be the latest of their attempts again,
        where others were made since: with another seed, time limit or version."""
        wanted = set(identities)
        columns = [reports.c[name] for name in Identity._fields]
        query = select(*columns, reports.c.id).where(
            reports.c.student.in_({identity.student for identity in identities}),
            reports.c.exercise.in_({identity.exercise for identity in identities}),
            _replaced(),
        )
        found = [row[-1] for row in self._stream(query) if Identity._make(row[:-1]) in wanted]
        if found:
            with self._writing() as connection:
                again = update(reports).where(reports.c.id.in_(found)).values(made=_now())
                connection.execute(again)

    def merge(self, other: Gradebook) -> None:
        """Take over everything of `other`; what both have stays as it was made last."""
        for table in (students, runs, submissions, reports):  # what is referred to, first
            columns = [column for column in table.c if column.name != "id" or table in _NAMED]
            for chunk in _chunks(other._stream(select(*columns))):
                with self._writing() as connection:
                    self._put(connection, table, [dict(row._mapping) for row in chunk])

    # --- asked ---------------------------------------------------------------------------------

    def finished(
        self, identities: Sequence[Identity], regrade: str | None = None
    ) -> dict[Identity, str]:
        """Those of `identities` (a few hundred) whose results are there, with their status; of
        a regrade, those that it has made itself.

        Not those with status "error": what the grader could not do is tried again.
        """
        wanted = set(identities)
        columns = [reports.c[name] for name in Identity._fields]
        query = select(*columns, reports.c.status).where(
            reports.c.student.in_({identity.student for identity in identities}),
            reports.c.exercise.in_({identity.exercise for identity in identities}),
            reports.c.status != "error",
        )
        if regrade is not None:
            query = query.where(
                reports.c.run.in_(select(runs.c.id).where(runs.c.regrade == regrade))
            )
        found = ((Identity._make(row[:-1]), row[-1]) for row in self._stream(query))
        return {identity: status for identity, status in found if identity in wanted}

    def graded(
        self, *, exercises: Sequence[str] | None = None, student: str | None = None
    ) -> Iterator[Graded]:
        """Every attempt that has a result, by student, exercise and then in time.

        Of several results of an attempt, the one that was made last. The latest attempt of each
        student at each exercise counts. Memory does not grow with the number of results.
        """
        rows = self._stream(_graded(exercises, student))
        for _, group in groupby(rows, lambda row: (row.student, row.exercise)):
            attempts = sorted(group, key=_in_time)
            someone = _student(attempts[0])
            for row in attempts:
                yield Graded(
                    someone, _attempt(row), json.loads(row.document), row.score, row is attempts[-1]
                )

    def students(self) -> Iterator[Student]:
        """Everybody who was enrolled, by id, whether or not they handed something in."""
        columns = [column.label(f"student_{column.name}") for column in students.c]
        yield from map(_student, self._stream(select(*columns).order_by(students.c.id)))

    def of_others(
        self, people: Collection[str], exercises: Collection[str]
    ) -> Iterator[tuple[str, str, str]]:
        """(student, exercise, digest) of every attempt at `exercises` by others than `people`."""
        if all(row.id in people for row in self._stream(select(students.c.id))):
            return  # not every attempt has to be looked at
        query = select(submissions.c.student, submissions.c.exercise, submissions.c.digest)
        for row in self._stream(query.where(submissions.c.exercise.in_(exercises))):
            if row.student not in people:
                yield row.student, row.exercise, row.digest

    def exercises(self) -> list[str]:
        """Those of which there are results."""
        query = select(reports.c.exercise).distinct()
        return [row.exercise for row in self._stream(query)]

    def runs(self) -> Iterator[Run]:
        """Every run, the first one first."""
        for row in self._stream(select(runs).order_by(runs.c.started, runs.c.id)):
            yield Run(
                row.seed,
                row.isolation,
                json.loads(row.versions),
                json.loads(row.keys),
                row.started,
                row.finished,
                row.id,
                row.regrade,
            )

    def unfinished_regrade(self) -> str | None:
        """Of the run that was started last, if it has not come to its end."""
        query = select(runs.c.finished, runs.c.regrade).order_by(
            runs.c.started.desc(), runs.c.id.desc()
        )
        for row in self._stream(query.limit(1)):
            regrade: str | None = None if row.finished else row.regrade
            return regrade
        return None

    def waiting(self) -> int:
        """How many attempts have no result: of a run that was interrupted."""
        query = select(func.count()).select_from(submissions).where(~_with_report())
        [row] = self._stream(query)
        return int(row[0])

    # --- connections ---------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._fault(error) from None

    def _stream(self, query: Select[Any]) -> Iterator[Row[Any]]:
        try:
            with self._reading.connect() as connection:
                yield from connection.execution_options(yield_per=_CHUNK).execute(query)
        except DBAPIError as error:
            raise self._fault(error) from None

    def _fault(self, error: DBAPIError) -> GraderError:
        if (full := no_space(error, self.name)) is not None:
            return full
        why = (str(error.orig).strip().splitlines() or [""])[0]
        return GraderError(f"the gradebook {self.name}: {why}")

    def _put(self, connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
        connection.execute(self._upserts[table], rows)


_NAMED = (students, runs)
"""Tables whose id means the same in every gradebook."""


def _upserts(dialect: str) -> dict[Table, Any]:
    """For each table the statement that adds rows, and says what becomes of one that is there."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert  # spelt alike

    of_students = insert(students)

    def given(name: str, nothing: str) -> Any:
        return func.coalesce(func.nullif(of_students.excluded[name], nothing), students.c[name])

    of_runs = insert(runs)
    of_submissions = insert(submissions)
    old, new = submissions.c, of_submissions.excluded
    of_reports = insert(reports)
    made = ("run", "made", "status", "score", "max_score", "document")
    return {
        students: of_students.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "name": given("name", ""),
                "email": given("email", ""),
                "columns": given("columns", "{}"),
            },
        ),
        runs: of_runs.on_conflict_do_update(
            index_elements=["id"],
            set_={"finished": func.coalesce(of_runs.excluded.finished, runs.c.finished)},
        ),
        submissions: of_submissions.on_conflict_do_update(
            index_elements=["student", "exercise", "number", "digest"],
            set_={
                "source": new.source,
                "submitted": func.coalesce(new.submitted, old.submitted),
                "late": func.coalesce(new.late, old.late),
                "seen": new.seen,
            },
            where=new.seen >= old.seen,
        ),
        reports: of_reports.on_conflict_do_update(
            index_elements=list(Identity._fields),
            set_={name: of_reports.excluded[name] for name in made},
            where=of_reports.excluded.made >= reports.c.made,
        ),
    }


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, separators=(",", ":"))


def _row_of_student(student: Student) -> dict[str, Any]:
    columns = _json(student.columns)
    return {"id": student.id, "name": student.name, "email": student.email, "columns": columns}


def _row_of_attempt(attempt: Attempt, seen: datetime) -> dict[str, Any]:
    return {
        "student": attempt.student,
        "exercise": attempt.exercise,
        "number": attempt.number,
        "digest": attempt.digest,
        "source": attempt.source,
        "submitted": attempt.submitted,
        "late": attempt.late,
        "seen": seen,
    }


def _row_of_run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "started": run.started,
        "finished": run.finished,
        "seed": run.seed,
        "isolation": run.isolation,
        "versions": _json(run.versions),
        "keys": _json(run.keys),
        "regrade": run.regrade,
    }


# --- rows out -----------------------------------------------------------------------------------


def _same(a: Any, b: Any) -> Any:
    """Of the same work of the same student."""
    return and_(*(a.c[name] == b.c[name] for name in ("student", "exercise", "digest")))


def _with_report() -> Any:
    return select(reports.c.id).where(_same(reports, submissions)).exists()


def _replaced() -> Any:
    """Whether another result of the same work was made later."""
    newer = reports.alias("newer")
    made_later = or_(
        newer.c.made > reports.c.made,
        and_(newer.c.made == reports.c.made, newer.c.id > reports.c.id),
    )
    return select(newer.c.id).where(_same(newer, reports), made_later).exists()


def _graded(exercises: Sequence[str] | None, student: str | None) -> Select[Any]:
    query = (
        select(
            *(column.label(f"student_{column.name}") for column in students.c),
            *(column for column in submissions.c if column.name != "id"),
            reports.c.document,
            reports.c.score,
        )
        .select_from(submissions)
        .join(students, students.c.id == submissions.c.student)
        .join(reports, _same(reports, submissions))
        .where(~_replaced())
        .order_by(submissions.c.student, submissions.c.exercise, submissions.c.number)
    )
    if exercises is not None:
        query = query.where(submissions.c.exercise.in_(exercises))
    return query if student is None else query.where(submissions.c.student == student)


def _in_time(row: Row[Any]) -> Any:
    return row.submitted or row.seen, row.number, row.digest


def _student(row: Row[Any]) -> Student:
    columns = json.loads(row.student_columns)
    return Student(row.student_id, row.student_name, row.student_email, columns)


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        row.student, row.exercise, row.number, row.source, row.digest, row.submitted, row.late
    )
