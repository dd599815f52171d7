"""The tables of a gradebook, and what goes into a column: instants, and text that any database
takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

VERSION_TABLE = "gradebook_version"
VERSIONS = ("0001", "0002")
"""What is in migrations/versions, oldest first; the last is what this program reads and writes."""


class Words(TypeDecorator[str]):
    """Text, without the two things that a database refuses: NUL (PostgreSQL), and half of a
    surrogate pair (both). On every database it is compared and sorted by code point."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(Text(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


class Instant(TypeDecorator[datetime]):
    """A moment: with a time zone in the program, text in UTC in the database, where it sorts."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return Words().load_dialect_impl(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


_Id = BigInteger().with_variant(Integer, "sqlite")  # of SQLite's integers only these count up

metadata = MetaData(
    # Migrations name what they change, so that it needs a name.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

students = Table(
    "students",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("email", Words, nullable=False),
    Column("columns", Words, nullable=False),  # JSON: the roster's others
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("student", Words, ForeignKey("students.id"), nullable=False),
    Column("exercise", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("submitted", Instant),
    Column("late", Boolean),
    # When the run began that last found it in a download: where a download does not say when
    # something was submitted, what came with a later one is later.
    Column("seen", Instant, nullable=False),
    # A later download may count anew what it still has, from 1.
    UniqueConstraint("student", "exercise", "number", "digest"),
    Index(None, "exercise", "student"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Words, primary_key=True),  # a UUID: runs of several gradebooks can be merged
    Column("started", Instant, nullable=False),
    Column("finished", Instant),
    Column("seed", BigInteger, nullable=False),
    Column("isolation", Integer, nullable=False),
    Column("versions", Words, nullable=False),  # JSON
    Column("keys", Words, nullable=False),  # JSON: hash by exercise
    # Where it graded again: the id of the run that began with that, and was interrupted.
    Column("regrade", Words),
)

reports = Table(
    "reports",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("student", Words, ForeignKey("students.id"), nullable=False),
    Column("exercise", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("grading", Words, nullable=False),
    Column("run", Words, ForeignKey("runs.id"), nullable=False),
    Column("made", Instant, nullable=False),
    Column("status", Words, nullable=False),
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("document", Words, nullable=False),
    UniqueConstraint("student", "exercise", "digest", "seed", "grading"),
)
