"""Grading on a real Dask cluster of several processes, on this machine's loopback."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
from distributed import Client, LocalCluster, WorkerPlugin
from distributed.batched import BatchedSend
from distributed.protocol import serialize

from grader import cli, cluster, submission
from grader.batch import Grading, Keys, Step, Work, graded_here
from grader.gradebook import Gradebook, Run
from grader.model import GraderError, Source, Submission, UsageError
from grader.records import Attempt, Student
from grader.reports.words import render
from grader.sandbox.levels import NOTHING
from grader.sandbox.supervisor import Limits

ROOT = Path(__file__).parents[1]
LIMITS = Limits(cpu_seconds=1, wall_seconds=5)
SLOW = "import time\ntime.sleep(0.3)\n"

pytestmark = pytest.mark.usefixtures("shared_cache")


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as running:
        yield running


def works(count: int, special: dict[int, str] | None = None) -> list[Work]:
    """Submissions to exercise 1 of as many students: right and wrong ones, and `special` texts."""
    files = sorted((ROOT / "tests" / "submissions" / "exercise_1").glob("*_s*.py"))
    assert len(files) > 5
    found = []
    for number in range(count):
        if text := (special or {}).get(number):
            read = Submission("exercise-1", Source("exercise_1.py", (text,)))
        else:
            read = submission.read(files[number % len(files)], "exercise-1")
        student = f"s{number:03}"
        attempt = Attempt(student, "exercise-1", 1, f"{student}.py", f"{number:064x}")
        found.append(Work(attempt, 0, lambda read=read: read))  # type: ignore[misc]
    return found


def grading(folder: Path, name: str, found: Sequence[Work]) -> Grading:
    gradebook = Gradebook.open(folder / f"{name}.db", create=True)
    keys = Keys()
    keys("exercise-1", 0)
    run = Run(seed=0, isolation=2)
    gradebook.start(run)
    gradebook.enroll(
        [Student(one.attempt.student) for one in found], [one.attempt for one in found], run
    )
    return Grading(gradebook, run, keys, LIMITS, NOTHING)


def documents(of: Grading) -> dict[str, Any]:
    """Every result by student, without what a clock says."""
    found = {}
    for graded in of.gradebook.graded():
        assert graded.student.id not in found
        document = dict(graded.document)
        del document["seconds"]
        found[graded.student.id] = document
    return found


def all_of(steps: Generator[Step]) -> list[Step]:
    with closing(steps):
        return list(steps)


def test_a_cluster_gives_what_this_machine_gives(dask: LocalCluster, tmp_path: Path) -> None:
    found = works(47)
    there, here = grading(tmp_path, "there", found), grading(tmp_path, "here", found)
    steps = all_of(cluster.graded_there(found, there, dask.scheduler_address))
    assert len(steps) == 47
    all_of(graded_here(found, here, workers=1))
    assert documents(there) == documents(here)
    # Again: nothing is left to do.
    steps = all_of(cluster.graded_there(found, there, dask.scheduler_address))
    assert [step.document for step in steps] == [None] * 47


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    dask: LocalCluster, tmp_path: Path
) -> None:
    # Some take their time, so that chunks are on their way when the worker goes.
    found = works(80, dict.fromkeys(range(0, 80, 7), SLOW))
    there, here = grading(tmp_path, "there", found), grading(tmp_path, "here", found)
    with Client(dask, set_as_default=False) as client:
        pids = client.run(os.getpid)
    done, killed = [], False
    with closing(cluster.graded_there(found, there, dask.scheduler_address)) as steps:
        for step in steps:
            done.append(step.attempt.student)
            if not killed:
                os.kill(next(iter(pids.values())), signal.SIGKILL)
                killed = True
    assert sorted(done) == [one.attempt.student for one in found]
    all_of(graded_here(found, here, workers=2))
    assert documents(there) == documents(here)


class Deadly(WorkerPlugin):
    """A fault of the grader's own: one submission ends the worker that grades it."""

    def setup(self, worker: object) -> None:
        from grader.batch import Done, Task, Worker

        grade = Worker.grade

        def deadly(self: Worker, task: Task) -> Done:
            if "POISON" in task.submission.main.cells[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return grade(self, task)

        Worker.grade = deadly  # type: ignore[method-assign]


def test_a_poisoned_submission_is_the_graders_failure(dask: LocalCluster, tmp_path: Path) -> None:
    # The workers have no such file to import it from.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    found = works(6, {2: "POISON"})
    there = grading(tmp_path, "there", found)
    with Client(dask, set_as_default=False) as client:
        client.register_plugin(Deadly(), name="deadly")
    try:
        steps = all_of(cluster.graded_there(found, there, dask.scheduler_address))
    finally:
        with Client(dask, set_as_default=False) as client:
            client.unregister_worker_plugin("deadly")
    assert len(steps) == 6
    by_student = documents(there)
    assert by_student["s002"]["status"] == "error"
    assert {d["status"] for s, d in by_student.items() if s != "s002"} <= {"passed", "failed"}
    assert "3 workers were lost" in json.dumps(by_student["s002"])


def test_of_what_was_sent_next_to_nothing_is_kept(dask: LocalCluster, tmp_path: Path) -> None:
    """Memory does not grow with the number of submissions."""

    def connections() -> dict[int, BatchedSend]:
        return {id(one): one for one in gc.get_objects() if isinstance(one, BatchedSend)}

    # One that an earlier test ended and that is coming back would be a new connection as well.
    with Client(dask, set_as_default=False) as client:
        client.wait_for_workers(2)
    found = works(3)
    there = grading(tmp_path, "there", found)
    before = connections()
    with closing(cluster.graded_there(found, there, dask.scheduler_address)) as steps:
        for _ in steps:
            new = [one for id_, one in connections().items() if id_ not in before]
    assert new
    kept = [one.recent_message_log.maxlen for one in new]
    assert all(most is not None and most <= 10 for most in kept)
    packed = cluster._packed([], {("exercise-1", 0): there.keys("exercise-1", 0)})
    _, frames = serialize(packed)
    assert len(frames) == 1  # not one for every array of the key


# --- workers that leave ---------------------------------------------------------------------------


@pytest.fixture
def fleeting(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCluster]:
    """A cluster of one worker, for whose like nobody waits long."""
    monkeypatch.setattr(cluster, "_AWAY", 4)
    monkeypatch.setattr(cluster, "_GLANCE", 0.5)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as running:
        yield running


def test_where_all_workers_leave_it_says_so_ends_and_goes_on_when_run_again(
    fleeting: LocalCluster, tmp_path: Path
) -> None:
    # Some take their time, so that not all are done when the worker goes.
    found = works(60, dict.fromkeys(range(24, 60, 12), SLOW))
    there = grading(tmp_path, "there", found)
    told: list[float | None] = []
    done = 0
    with (
        closing(
            cluster.graded_there(found, there, fleeting.scheduler_address, patience=told.append)
        ) as steps,
        pytest.raises(GraderError, match="all workers of the cluster have left"),
    ):
        for done, _ in enumerate(steps, 1):
            if done == 3:
                fleeting.scale(0)
    waits = [left for left in told if left is not None]
    assert waits == sorted(waits, reverse=True) and waits[0] < 4
    assert 3 <= done < 60
    assert len(documents(there)) == done
    fleeting.scale(1)
    steps = all_of(cluster.graded_there(found, there, fleeting.scheduler_address))
    assert sum(step.document is None for step in steps) == done
    assert len(documents(there)) == 60


def test_a_worker_that_comes_back_in_time_goes_on(
    fleeting: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_AWAY", 60)
    found = works(60, dict.fromkeys(range(24, 60, 12), SLOW))
    there = grading(tmp_path, "there", found)
    told: list[float | None] = []

    def patience(left: float | None) -> None:
        if told[-1] is None and left is not None:
            fleeting.scale(1)
        told.append(left)

    told.append(None)
    done = 0
    with closing(
        cluster.graded_there(found, there, fleeting.scheduler_address, patience=patience)
    ) as steps:
        for done, _ in enumerate(steps, 1):
            if done == 3:
                fleeting.scale(0)
    assert done == 60
    assert len(documents(there)) == 60
    assert any(told) and told[-1] is None


def test_where_nobody_reads_that_it_waits_it_does_not_wait(
    fleeting: LocalCluster, tmp_path: Path
) -> None:
    found = works(60, dict.fromkeys(range(30, 60, 12), SLOW))

    def patience(left: float | None) -> None:
        if left is not None:
            raise BrokenPipeError

    with (
        closing(
            cluster.graded_there(
                found,
                grading(tmp_path, "there", found),
                fleeting.scheduler_address,
                patience=patience,
            )
        ) as steps,
        pytest.raises(BrokenPipeError),
    ):
        for done, _ in enumerate(steps, 1):
            if done == 3:
                fleeting.scale(0)


def test_a_cluster_to_which_no_worker_comes(fleeting: LocalCluster, tmp_path: Path) -> None:
    fleeting.scale(0)
    with Client(fleeting, set_as_default=False) as client:
        while client.nthreads():
            time.sleep(0.1)
    found, told = works(1), list[float | None]()
    there = grading(tmp_path, "there", found)
    with pytest.raises(UsageError) as refused:
        all_of(cluster.graded_there(found, there, fleeting.scheduler_address, patience=told.append))
    assert "no workers" in render(refused.value.message)
    assert len(told) > 1 and None not in told


@pytest.fixture
def scheduler() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A scheduler in a process of its own, with a worker: (its address, its process)."""
    program = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as c:\n"
        "        print(c.scheduler_address, flush=True)\n"
        "        input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
        process.kill()


def test_a_scheduler_that_goes_away_ends_it_in_a_line_and_what_is_done_is_kept(
    scheduler: tuple[str, subprocess.Popen[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address, process = scheduler
    for n in range(120):
        (tmp_path / "class" / f"s{n:03}").mkdir(parents=True)
        file = tmp_path / "class" / f"s{n:03}" / "exercise_1.py"
        file.write_text(f"{(ROOT / 'solutions/exercise_1.py').read_text()}\n# {n}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "_PATIENCE", 3)
    really = Gradebook.record

    def record(*words: Any) -> None:
        really(*words)
        process.kill()

    monkeypatch.setattr(Gradebook, "record", record)
    status = cli.run(["batch", "class", "--quiet", "--scheduler", address, "--trust-submissions"])
    [line] = capfd.readouterr().err.splitlines()
    with Gradebook.open(tmp_path / "gradebook.db") as gradebook:
        kept = sum(1 for _ in gradebook.graded())
    assert status == 3
    assert line.startswith("grade: ")
    assert "scheduler of the cluster went away" in line
    assert f"{kept} of 120 are done and kept" in line
    assert 0 < kept < 120


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "slurm"])
def test_no_cluster_is_told_in_a_line(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    found = works(1)
    with pytest.raises(UsageError) as refused:
        all_of(cluster.graded_there(found, grading(tmp_path, "x", found), address))
    assert address in (said := render(refused.value.message))
    assert "\n" not in said


def test_the_command_starts_a_cluster_of_its_own(tmp_path: Path) -> None:
    for name, file in (("kim", "solutions/exercise_1.py"), ("lee", "exercises/exercise_1.py")):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "exercise_1.py").write_bytes((ROOT / file).read_bytes())
    run = subprocess.run(
        [
            *(sys.executable, "-m", "grader", "batch", "class"),
            *("--scheduler", "local", "--workers", "2", "--trust-submissions"),
        ],
        cwd=tmp_path,
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert "2 of 2 done" in run.stdout
    with Gradebook.open(tmp_path / "gradebook.db") as gradebook:
        scores = {graded.student.id: graded.score for graded in gradebook.graded()}
    assert scores == {"kim": 10, "lee": 0}
