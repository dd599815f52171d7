"""A file or the address of a server in, an engine out whose tables are as this program needs
them.

Everything that can be wrong with what was named is a `UsageError` of one line, without the
password that an address may hold.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from grader.model import Message, NoSpaceError, UsageError

from .tables import VERSION_TABLE, VERSIONS

SCRIPTS = Path(__file__).with_name("migrations")
_PATIENCE = 60
"""Seconds to wait for another writer."""
_MIGRATING = 0x67726164
"""The PostgreSQL lock that one process at a time holds while it migrates."""


def open_engine(where: str | Path, *, create: bool) -> tuple[Engine, str]:
    """The engine, and the name of the gradebook as a person may read it.

    With `create`, what is not there yet is made. Raises UsageError (usage.gradebook-...), or
    NoSpaceError.
    """
    if not str(where).strip():
        raise UsageError(Message("usage.gradebook-unnamed"))
    url, name = _url(where)
    if url.drivername == "sqlite":
        path = Path(url.database or "")
        if not create and not path.exists():
            raise UsageError(Message("usage.gradebook-missing", {"gradebook": name}))
        if path.is_dir():
            raise _refused("is-not", name)
    engine = _engine(url)
    try:
        _prepare(engine, name, create)
    except DBAPIError as error:
        engine.dispose()
        raise (no_space(error, name) or _explained(error, url, name)) from None
    except BaseException:
        engine.dispose()
        raise
    return engine, name


_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, "53100"}
"""Of SQLite: for the file and its log, and for what is shared of the log; of PostgreSQL."""


def no_space(error: DBAPIError, name: str) -> NoSpaceError | None:
    """What `error` is where the gradebook `name` cannot grow any more, or None."""
    codes = {getattr(error.orig, field, None) for field in ("sqlite_errorcode", "sqlstate")}
    full = Message("grader.gradebook-full", {"gradebook": name})
    return NoSpaceError(full) if codes & _FULL else None


def _refused(id_: str, name: str, **params: Any) -> UsageError:
    return UsageError(Message(f"usage.gradebook-{id_}", {"gradebook": name, **params}))


def _url(where: str | Path) -> tuple[URL, str]:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where)), str(where)
    scheme = where.partition("://")[0]
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):  # a port that is no number
        # Its words hold the whole address, password and all.
        raise _refused("address", scheme + "://…") from None
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database:
        return URL.create("sqlite", database=url.database), url.database
    if kind not in ("postgresql", "postgres"):
        raise _refused("address", scheme + "://…")
    port = f":{url.port}" if url.port else ""
    # Nothing of the query: it may hold a password as well.
    name = f"postgresql://{url.host or ''}{port}/{url.database or ''}"
    return url.set(drivername="postgresql+psycopg"), name


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        # The encoding is what is asked for below; SQLAlchemy itself fails over SQL_ASCII.
        options = {"connect_timeout": 15, "client_encoding": "utf8"}
        return create_engine(url, pool_pre_ping=True, connect_args=options)
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # sqlite3 begins nothing by itself
        connection.execute("PRAGMA foreign_keys = ON")
        # With a write-ahead log: no power cut damages the file, one may cost the last results,
        # and those are made again.
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def _begins(connection: Connection) -> None:
        # A transaction that reads first and then writes is refused when somebody has written
        # in between, whatever its patience; one that is to write says so at once.
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _explained(error: DBAPIError, url: URL, name: str) -> UsageError:
    lines = str(error.orig).strip().splitlines() or [""]
    why = lines[0].strip()
    for secret in (str(url.password or ""), str(url.query.get("password") or "")):
        if secret:
            why = why.replace(secret, "…")
    if url.drivername != "sqlite":
        return _refused("unreachable", name, why=why)
    if "not a database" in why or "malformed" in why:
        return _refused("is-not", name)
    return _refused("unwritable", name, why=why)


# --- versions -----------------------------------------------------------------------------------


def _prepare(engine: Engine, name: str, create: bool) -> None:
    with engine.connect().execution_options(reads=True) as connection:
        if connection.dialect.name == "postgresql":
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
            if encoding != "UTF8":
                raise _refused("encoding", name, encoding=encoding)
        version = _version(connection, name)
    if version == VERSIONS[-1]:
        if connection.dialect.name == "sqlite" and create:
            _check_writable(engine)
        return
    if version is not None and version not in VERSIONS:
        raise _refused("newer", name)
    if version is None and not create:
        raise _refused("is-not", name)
    _migrate(engine, name)


def _version(connection: Connection, name: str) -> str | None:
    """The version that the tables have; None where there are none at all."""
    # Not by trying: in PostgreSQL a SELECT that fails ends the transaction. And asked once:
    # between two questions somebody else may have made them all.
    found = inspect(connection).get_table_names()
    if VERSION_TABLE in found:
        query = text(f"SELECT version_num FROM {VERSION_TABLE}")
        version: str | None = connection.execute(query).scalar()
        return version
    if found:
        raise _refused("is-not", name)
    return None


def _check_writable(engine: Engine) -> None:
    """Before a night of grading, not after: raises OperationalError."""
    with engine.connect() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = version_num"))


def _migrate(engine: Engine, name: str) -> None:
    from alembic import command
    from alembic.config import Config

    with engine.connect() as connection, _alone(connection):
        if _version(connection, name) == VERSIONS[-1]:
            return  # somebody else was faster
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["version_table"] = VERSION_TABLE
        command.upgrade(config, "head")


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """A transaction in which nobody else migrates."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
            yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout = {1000 * _PATIENCE}")
    # Written into the file, for every later connection: readers do not wait for the writer.
    raw.execute("PRAGMA journal_mode = WAL")
    # A table is altered by making another, which references must outlive; cannot be
    # switched inside a transaction.
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")
