"""What tests share: folders of their own, one sandbox, and keys, which take a second to build."""

from __future__ import annotations

import os

# One thread, before NumPy is imported: several test processes share the machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

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
