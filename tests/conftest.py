"""What tests share: folders of their own, one sandbox, and keys, which take a second to build."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# A shell that starts tests in the background has them ignore interrupts, and with them every
# program that they start; some tests interrupt one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# One thread, before NumPy is imported: several test processes share the machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from needs import missing

from grader import answer_key, curriculum
from grader.answer_key import AnswerKey
from grader.sandbox.supervisor import Sandbox

# Derandomized: a test that fails today fails tomorrow. No deadline: the machine may be busy.
settings.register_profile("grade", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, database=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "grade"))


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a cache and a state folder to itself; the user's are never touched."""
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("GRADE_CACHE", str(folder / "cache"))
    monkeypatch.setenv("GRADE_STATE", str(folder / "state"))


@pytest.fixture
def shared_cache(
    own_folders: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For tests that are not about keys: one cache for all of them, in every test process."""
    monkeypatch.setenv("GRADE_CACHE", str(tmp_path_factory.getbasetemp().parent / "keys"))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.launch() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def built_key() -> Callable[[str], AnswerKey]:
    """`built_key("exercise-1")`: the key for the public seed, as it is built, not as it is read."""
    built: dict[str, AnswerKey] = {}

    def key(exercise: str) -> AnswerKey:
        from grader.build_key import build

        if exercise not in built:
            built[exercise] = build(curriculum.load(exercise), 0)
        return built[exercise]

    return key


@pytest.fixture
def key_in_cache(built_key: Callable[[str], AnswerKey]) -> Callable[[str], Path]:
    """Puts the key of an exercise into this test's cache and gives its file."""

    def put(exercise: str) -> Path:
        answer_key.get(exercise, 0, lambda: built_key(exercise))
        [path] = answer_key.cache_folder().glob(f"{exercise}-*.npz")
        return path

    return put


@pytest.fixture
def grade(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """`grade(*words)` in an empty folder: (exit code, standard output, standard error)."""
    from grader import cli

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", os.fdopen(os.dup(1), "w", buffering=1))
    monkeypatch.setattr(sys, "stderr", os.fdopen(os.dup(2), "w", buffering=1))

    def run(*words: object) -> tuple[int, str, str]:
        status = cli.run([*map(str, words)])
        out, err = capfd.readouterr()
        return status, out, err

    return run


# --- PostgreSQL ---------------------------------------------------------------------------------


def _postgres_programs() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))  # Debian, Ubuntu
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[..., str]]:
    """A PostgreSQL server of these tests' own: `postgres(**options)` is the address of a new
    database in it, made with the options of CREATE DATABASE."""
    programs = _postgres_programs()
    if programs is None:
        missing("PostgreSQL is not installed: apt install postgresql")
    import pwd

    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="grade-postgres-"))
    secret = folder / "password"
    secret.write_text("hush")
    someone: dict[str, Any] = {}
    if os.getuid() == 0:  # which PostgreSQL refuses to run as
        nobody = pwd.getpwnam("nobody")
        someone = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        os.chown(secret, nobody.pw_uid, nobody.pw_gid)
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "grade", "-A", "scram-sha-256"]
    initdb += ["--pwfile", secret, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **someone)
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    options = [word for item in settings.items() for word in ("-c", "=".join(item))]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            cwd=folder,
            stdout=log,
            stderr=log,
            **someone,
        )
    try:
        address = f"host={folder} user=grade password=hush dbname=postgres"
        for _ in range(300):
            try:
                administrator = psycopg.connect(address, autocommit=True)
                break
            except psycopg.OperationalError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        numbers = itertools.count()

        def database(**options: str) -> str:
            name = f"gradebook_{next(numbers)}"
            words = " ".join(f"{key} '{value}'" for key, value in options.items())
            administrator.execute(f"CREATE DATABASE {name} TEMPLATE template0 {words}")
            return f"postgresql://grade:hush@/{name}?host={folder}"

        yield database
        administrator.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
