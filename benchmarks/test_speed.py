"""Speeds that are compared from one version to the next. `make benchmarks` runs them all.

    .venv/bin/pytest benchmarks --benchmark-autosave     and later: --benchmark-compare

What has to be held against something on the same machine at the same moment, interleaved, is in
learner.py and sandbox.py.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import batch
import gradebook
import pytest
import sandbox
from pytest_benchmark.fixture import BenchmarkFixture

from grader.gradebook import Gradebook
from grader.sandbox import levels
from grader.sandbox.supervisor import Limits, Sandbox


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer keys of this measurement's own."""
    monkeypatch.setenv("GRADE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def submissions(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--submissions"))


def measured(benchmark: BenchmarkFixture, graded: batch.Class) -> None:
    assert graded.wrong == 0
    benchmark.extra_info |= {
        "submissions a second": graded.rate,
        "by quarters": graded.paces,
        "memory in MB": graded.memory,
    }


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("keys", ["cold", "warm"])
def test_class(
    benchmark: BenchmarkFixture,
    tmp_path: Path,
    submissions: int,
    keys: str,
    workers: int,
) -> None:
    if keys == "warm":
        batch.grade(str(tmp_path / "before.db"), 20, workers)
    where = str(tmp_path / "class.db")
    measured(benchmark, benchmark.pedantic(batch.grade, (where, submissions, workers)))


def test_class_over_dask(benchmark: BenchmarkFixture, tmp_path: Path, submissions: int) -> None:
    with batch.cluster_of(2) as (address, _):
        where = str(tmp_path / "class.db")
        measured(benchmark, benchmark.pedantic(batch.grade, (where, submissions, 2, address)))


def test_resumed(benchmark: BenchmarkFixture, tmp_path: Path, submissions: int) -> None:
    """Everything is done already."""
    where, again = str(tmp_path / "class.db"), str(tmp_path / "again.db")
    batch.grade(where, submissions, 2)

    def same_again() -> tuple[tuple[str, int, int], dict[str, str]]:
        shutil.copy(where, again)
        return (again, submissions, 2), {}

    graded = benchmark.pedantic(batch.grade, setup=same_again, rounds=5)
    assert graded.wrong == 0


@pytest.mark.parametrize("lock_down", ["none", "level 2", "level 1"])
def test_one_submission(benchmark: BenchmarkFixture, lock_down: str) -> None:
    """The fork, the lock-down, loading the file, three calls and the end of the process."""
    if lock_down == "level 1" and levels.survey().level > 1:
        pytest.skip("no bubblewrap that works here")
    around = sandbox.without_lock_down() if lock_down == "none" else nullcontext()
    with around, Sandbox.launch(strangers=lock_down == "level 1") as zygote:
        submit = (sandbox.submit, (zygote, sandbox.HONEST, Limits()))
        benchmark.pedantic(*submit, rounds=41, warmup_rounds=5)


@pytest.fixture(scope="module")
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Gradebook, int]]:
    count = int(request.config.getoption("--results"))
    where = str(tmp_path_factory.mktemp("gradebook") / "gradebook.db")
    with Gradebook.open(where, create=True) as filled:
        gradebook.fill(filled, count)
        yield filled, count


@pytest.mark.parametrize("question", gradebook.QUESTIONS, ids=lambda question: question.__name__)
def test_gradebook(
    benchmark: BenchmarkFixture,
    full: tuple[Gradebook, int],
    question: Callable[[Gradebook, int], None],
) -> None:
    rounds = 1 if question is gradebook.everything else 5
    benchmark.pedantic(question, full, rounds=rounds)
