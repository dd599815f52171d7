"""A class of exercise-1, graded: submissions a second, memory, resuming, every verdict checked.

    .venv/bin/python benchmarks/batch.py [SUBMISSIONS] [WORKERS] [--gradebook FILE|URL]
    .venv/bin/python benchmarks/batch.py 5000 2 --kills 20      killed, and run again
    .venv/bin/python benchmarks/batch.py 5000 2 --dask          a cluster; a worker is killed

500 submissions and two workers by default, into a file of its own or an empty database: the right
and the wrong answers of tests/submissions in turn, some that cannot be read, and one in a hundred
that is hostile or hangs. The key is built before the rate is taken, as `grade batch` does.
Processor time is that of the trusted side alone: what no number of workers makes less. Memory is
that of this process while the class goes by; a scheduler runs in another.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import itertools
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

from grader import batch, cluster, submission, verify
from grader.gradebook import Gradebook, Run
from grader.model import Submission
from grader.records import Attempt, Student
from grader.sandbox import levels
from grader.sandbox.supervisor import Limits

ROOT = Path(__file__).parents[1]
EXERCISE = "exercise-1"
LIMITS = Limits(cpu_seconds=2.0, wall_seconds=6.0)
HOSTILE = {
    "for ever": (
        "timed_out",
        "def sigmoid(x):\n    while True: pass\nsigmoid_derivative = sigmoid",
    ),
    "asleep": ("timed_out", "import time\ntime.sleep(3600)"),
    "exit": ("killed", "import os\ndef sigmoid(x): os._exit(0)\nsigmoid_derivative = sigmoid"),
    "memory": ("out_of_memory", "x = [0] * 10**11"),
    "forks": ("raised", "import os\nwhile True: os.fork()"),
    "flood": ("killed", "while True: print('a' * 10**6)"),
    "signals": ("raised", "import os\nos.kill(-1, 9)"),
}
UNREADABLE = [b"\xff\xfe\0\1", b"a" * 2_000_000, b"def sigmoid(x):\0", b"# \xe9\n"]


def kinds() -> list[tuple[str, bytes, frozenset[str]]]:
    """(name, file, ids that its result must show); {"passed"}, {"error"} say it all."""
    folder = ROOT / "tests" / "submissions" / "exercise_1"
    plain = [
        (path.name, path.read_bytes(), verify.expectation(path).ids)
        for path in sorted(folder.glob("*.py"))
        if not verify.expectation(path).once
    ]
    plain += [("unreadable", data, frozenset({"error"})) for data in UNREADABLE]
    hostile = [(name, source.encode(), frozenset({ids})) for name, (ids, source) in HOSTILE.items()]
    turn = itertools.cycle(plain)
    bad = itertools.cycle(hostile)
    return [next(bad) if n % 100 == 99 else next(turn) for n in range(700)]


def work(count: int) -> Iterator[tuple[batch.Work, frozenset[str]]]:
    for n, (_, data, ids) in zip(range(count), itertools.cycle(kinds()), strict=False):
        own = data + f"\n# {n}".encode()
        digest = hashlib.sha256(own).hexdigest()
        attempt = Attempt(f"s{n:06}", EXERCISE, 1, f"{n}.py", digest)

        def load(own: bytes = own) -> Submission:
            return submission.read_unpacked({"exercise_1.py": own}, "exercise_1.py", EXERCISE)

        yield batch.Work(attempt, 0, load), ids


def seen(document: str) -> set[str]:
    result = json.loads(document)
    if result["status"] in ("passed", "error"):
        return {result["status"]}
    failed = [check for check in result["checks"] if check["status"] != "passed"]
    return {
        id_
        for check in failed
        for id_ in (check["outcome"], check["message"]["id"], check["misconception"])
        if id_
    }


def memory(process: int | str = "self") -> float:
    """Of a process now, by default of this one, in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


@dataclass(frozen=True)
class Class:
    """How the grading of a class went."""

    submissions: int
    key: str
    rate: float
    """Submissions a second."""
    own: float
    """Processor time of this process, in ms for each."""
    paces: list[int]
    """The rate in each quarter."""
    memory: list[int]
    """Of this process, in MB, as each quarter begins."""
    wrong: int
    """Verdicts that are not as expected."""


def grade(where: str, count: int, workers: int, scheduler: str | None = None) -> Class:
    """Grade `count` submissions into `where`."""
    expected = {w.attempt.student: ids for w, ids in work(count)}
    wrong: collections.Counter[str] = collections.Counter()
    with Gradebook.open(where, create=True) as gradebook:
        run = Run(0, levels.survey().level)
        gradebook.start(run)
        gradebook.enroll((Student(s) for s in expected), (w.attempt for w, _ in work(count)), run)
        keys = batch.Keys()
        start = time.perf_counter()
        built = keys.missing({(EXERCISE, 0)})
        keys.build(built, workers)
        keyed = time.perf_counter() - start
        grading = batch.Grading(gradebook, run, keys, LIMITS)
        marks, moments, quarter = [], [], max(1, count // 4)
        start = time.perf_counter()
        own = time.process_time()
        todo = (w for w, _ in work(count))
        if scheduler is None:
            steps = batch.graded_here(todo, grading, workers=workers)
        else:
            steps = cluster.graded_there(todo, grading, scheduler)
        with closing(steps):
            for n, step in enumerate(steps):
                ids = expected[step.attempt.student]
                if step.document is not None and not ids <= (found := seen(step.document)):
                    wrong[f"{sorted(ids)}; found: {sorted(found)}"] += 1
                if n % quarter == 0:
                    marks.append(round(memory()))
                    moments.append(time.perf_counter())
        moments.append(time.perf_counter())
        seconds = moments[-1] - start
        own = 1e3 * (time.process_time() - own) / count
        gradebook.finish(run)
    for what, times in wrong.items():
        print(f"    {times} x expected {what}")
    graded = Class(
        count,
        f"{'built' if built else 'read'} in {keyed:.1f} s",
        round(count / seconds, 1),
        round(own, 1),
        [round(quarter / (end - begin)) for begin, end in itertools.pairwise(moments)],
        marks,
        wrong.total(),
    )
    print(graded, flush=True)
    return graded


def documents(where: str) -> str:
    """A hash of every result document apart from times: how long it took, and which of the two
    limits stopped an endless loop, which depends on what else the machine does."""
    digest = hashlib.sha256()
    with Gradebook.open(where) as gradebook:
        for graded in gradebook.graded():
            text = json.dumps(graded.document)
            text = re.sub(r'"seconds": [0-9.]+|after [0-9.]+ seconds', "", text)
            digest.update(f"{graded.attempt} {graded.counts} {text}\n".encode())
    return digest.hexdigest()


def done(where: str) -> int:
    with Gradebook.open(where, create=True) as gradebook:
        return sum(1 for _ in gradebook.graded())


def killed(folder: str, count: int, workers: int, kills: int) -> None:
    """Grade a class in one go, and another in processes that are killed at random moments."""
    alone, other = str(Path(folder, "alone.db")), str(Path(folder, "killed.db"))
    start = time.monotonic()
    grade(alone, count, workers)
    longest = (time.monotonic() - start) * 1.2 / kills
    moments = random.Random(count)
    command = [sys.executable, __file__, str(count), str(workers), "--gradebook", other]
    for n in range(kills):
        before = done(other)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        # One in five while it starts, the others while it grades.
        while n % 5 and done(other) == before and process.poll() is None:
            time.sleep(0.05)
        time.sleep(moments.uniform(0, longest))
        process.kill()
        print(f"kill {n + 1}: ended with {process.wait()}, {done(other)} done", flush=True)
    grade(other, count, workers)
    same = documents(alone) == documents(other)
    print(f"the same documents as in one go, apart from times: {same}")
    assert same


@contextmanager
def cluster_of(workers: int) -> Iterator[tuple[str, int]]:
    """The address of a scheduler, and its process: not this one, of which memory is taken."""
    program = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        f"    with LocalCluster(n_workers={workers}, threads_per_worker=1, processes=True,\n"
        "                      dashboard_address=None) as running:\n"
        "        print(running.scheduler_address, flush=True)\n"
        "        input()\n"
    )
    command = [sys.executable, "-c", program]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.stdin.write("\n")


def on_a_cluster(folder: str, count: int, workers: int) -> None:
    """Grade a class on a Dask cluster of several processes, one of which is killed half-way."""
    where, alone = str(Path(folder, "dask.db")), str(Path(folder, "alone.db"))
    with cluster_of(workers) as (address, process):
        with Client(address, set_as_default=False) as client:
            victim = next(iter(client.run(os.getpid).values()))
        before = memory(process)

        def kill_half_way() -> None:
            while done(where) < count / 2:
                time.sleep(0.5)
            os.kill(victim, signal.SIGKILL)
            print(f"a worker was killed when {done(where)} were done", flush=True)

        Gradebook.open(where, create=True).close()
        killer = threading.Thread(target=kill_half_way)
        killer.start()
        grade(where, count, workers, address)
        killer.join()
        print(f"memory of the scheduler's process: {before:.0f} to {memory(process):.0f} MB")
    grade(alone, count, workers)
    same = documents(alone) == documents(where)
    print(f"nothing lost, nothing twice: {done(where) == count}; the same documents: {same}")
    assert same and done(where) == count


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("submissions", nargs="?", type=int, default=500)
    parser.add_argument("workers", nargs="?", type=int, default=2)
    parser.add_argument("--gradebook")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--dask", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("GRADE_CACHE", str(Path(folder, "cache")))
        if chosen.dask:
            on_a_cluster(folder, chosen.submissions, chosen.workers)
        elif chosen.kills:
            killed(folder, chosen.submissions, chosen.workers, chosen.kills)
        else:
            where = chosen.gradebook or str(Path(folder, "gradebook.db"))
            grade(where, chosen.submissions, chosen.workers)


if __name__ == "__main__":
    main()
