"""Many submissions in, a result document in the gradebook for each of them out.

    keys = Keys()
    keys.build(keys.missing({("exercise-1", 0)}), workers=2)
    with closing(graded_here(work, Grading(gradebook, run, keys, limits), workers=2)) as steps:
        for step in steps:
            ...

A submission is a `Task` that some executor runs somewhere and that comes back as a `Done`; only
this process writes. Nothing that a submission does stops the others, and a result never depends
on who made it, or when.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import math
import multiprocessing
import platform
import signal
import sys
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from grader import __version__, answer_key, curriculum
from grader.answer_key import AnswerKey
from grader.grade import grade
from grader.gradebook import Gradebook, Identity, Result, Run
from grader.model import CheckResult, Message, Report, Source, Submission, UsageError
from grader.records import Attempt
from grader.reports.document import document
from grader.sandbox.inert import inert
from grader.sandbox.levels import STRANGERS, WeakIsolation
from grader.sandbox.supervisor import Limits, Sandbox

_KEPT = 64
"""Answer keys in memory."""
_CHUNK = 200
"""Submissions of which is asked at once whether they have been graded."""
_TRIES = 2
_SLOW = 1.0
"""Seconds after which a submission is not waited for with the next one."""


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt that is to have a result."""

    attempt: Attempt
    seed: int
    load: Callable[[], Submission]
    """Raises UsageError where there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Task:
    """One submission to run and judge; data, so that it can be sent to another machine."""

    attempt: Attempt
    seed: int
    submission: Submission


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one attempt; data as well."""

    attempt: Attempt
    seed: int
    status: str
    score: float
    max_score: float
    kind: str | None
    """Of the failure: the id of a misconception or a message; None where there is none."""
    document: str
    """JSON."""


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt whose result is in the gradebook."""

    attempt: Attempt
    status: str
    kind: str | None = None
    document: str | None = None
    """None where it was there already."""


# --- answer keys --------------------------------------------------------------------------------


class Keys:
    """Answer keys, read from the cache; built, where they are not in it, in processes that end
    afterwards: what builds them takes half a gigabyte."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], AnswerKey] = OrderedDict()
        self._lock = threading.Lock()

    def missing(self, wanted: Collection[tuple[str, int]]) -> list[tuple[str, int]]:
        """Those of `wanted` exercises and seeds whose keys are still to be built."""
        return [pair for pair in sorted(wanted) if self._cached(pair) is None]

    def build(self, missing: Collection[tuple[str, int]], workers: int) -> None:
        """Build the keys of `missing` exercises and seeds, several at a time.

        Raises KeyRefusedError: nobody is graded with a key that does not hold.
        """
        if not missing:
            return
        with _builders(min(workers, len(missing))) as pool:
            futures = {pool.submit(_build, *pair): pair for pair in missing}
            for future in as_completed(futures):
                self._store(futures[future], future)

    def __call__(self, exercise: str, seed: int) -> AnswerKey:
        with self._lock:
            key = self._kept.get((exercise, seed)) or self._cached((exercise, seed))
            if key is None:
                with _builders(1) as pool:
                    return self._store((exercise, seed), pool.submit(_build, exercise, seed))
            self._keep((exercise, seed), key)
            return key

    def _store(self, pair: tuple[str, int], building: Future[AnswerKey]) -> AnswerKey:
        """The key that is being built, as it reads back from the cache: what is judged with is
        the same to the last bit in this run and in the next."""
        built = answer_key.get(*pair, building.result)
        key = self._cached(pair) or built
        self._keep(pair, key)
        return key

    def _cached(self, pair: tuple[str, int]) -> AnswerKey | None:
        try:
            return answer_key.get(*pair, _not_there)
        except LookupError:
            return None

    def _keep(self, pair: tuple[str, int], key: AnswerKey) -> None:
        self._kept[pair] = key
        self._kept.move_to_end(pair)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _not_there() -> AnswerKey:
    raise LookupError


def _builders(count: int) -> ProcessPoolExecutor:
    # Spawned: a fork of a process with other threads in it may hang.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Otherwise the processes of a pool whose parent is killed wait for work for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what that means
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _build(exercise: str, seed: int) -> AnswerKey:
    from grader.build_key import build

    return build(curriculum.load(exercise), seed)


# --- what a result depends on -------------------------------------------------------------------

_JUDGES = (
    "model.py",
    "trees.py",
    "answer_key.py",
    "compare.py",
    "diagnose.py",
    "grade.py",
    "submission.py",
    "batch.py",
    "sandbox",
    "reports/document.py",
    "reports/words",
)


def versions() -> dict[str, str]:
    """Of the grader, of Python and of what builds keys: what a run is noted with."""
    return {"grade": __version__, "python": platform.python_version(), **answer_key.versions()}


@lru_cache(maxsize=1)
def judges() -> str:
    """A hash of the code and the words that make a document of a key and a submission."""
    digest = hashlib.sha256(f"{__version__} {platform.python_version()}".encode())
    package = Path(__file__).parent
    for name in _JUDGES:
        path = package / name
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=4096)
def _grading(exercise: str, seed: int, limits: Limits) -> str:
    parts = (answer_key.content_hash(exercise, seed), judges(), limits)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def identity(attempt: Attempt, seed: int, limits: Limits) -> Identity:
    """What the result of `attempt` is filed under."""
    grading = _grading(attempt.exercise, seed, limits)
    return Identity(attempt.student, attempt.exercise, attempt.digest, seed, grading)


def renamed(
    attempts: Iterable[Attempt], people: Collection[str], gradebook: Gradebook
) -> dict[str, str]:
    """Those of a class (`people`, all of it) whose very submission the gradebook holds under an
    id that nobody in the class has; with that id. They may be the same people.

    What several hand in (a stub, nothing at all) says nothing of who they are.
    """
    here: dict[tuple[str, str], set[str]] = {}
    for one in attempts:
        here.setdefault((one.exercise, one.digest), set()).add(one.student)
    there: dict[tuple[str, str], set[str]] = {}
    for student, *work in gradebook.of_others(people, {exercise for exercise, _ in here}):
        if (same := (work[0], work[1])) in here:
            there.setdefault(same, set()).add(student)
    return {
        next(iter(here[same])): next(iter(others))
        for same, others in sorted(there.items())
        if len(others) == len(here[same]) == 1
    }


# --- one submission -----------------------------------------------------------------------------


class Worker:
    """Grades one submission after the other, with a zygote of its own for every set of packages.

    Threads that use it have to outlive it: inside bubblewrap, a zygote ends with the thread that
    launched it."""

    def __init__(
        self, keys: Callable[[str, int], AnswerKey], limits: Limits, required: int = STRANGERS
    ) -> None:
        self._keys, self._limits, self._required = keys, limits, required
        self._sandboxes: dict[tuple[str, ...], Sandbox] = {}

    def grade(self, task: Task) -> Done:
        """Never raises for a fault of the submission's; a submission over which the grader
        itself fails twice is called the grader's failure.

        Raises GraderError where nothing can be graded here, WeakIsolation where nothing may.
        """
        key = self._keys(task.attempt.exercise, task.seed)
        for last in range(1, _TRIES + 1):
            try:
                sandbox = self._sandbox(key.packages)
                student = task.attempt.student
                report = grade(task.submission, key, sandbox, self._limits, student=student)
                return _done(task.attempt, task.seed, report)
            except WeakIsolation:
                raise
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
                self._replace(key.packages)
                if last == _TRIES:
                    return failed(task.attempt, task.seed, key, why)
        raise AssertionError

    def close(self) -> None:
        """End the zygotes."""
        while self._sandboxes:
            self._sandboxes.popitem()[1].close()

    def _sandbox(self, packages: tuple[str, ...]) -> Sandbox:
        if packages not in self._sandboxes:
            self._sandboxes[packages] = Sandbox.launch(
                packages, strangers=True, required=self._required
            )
        return self._sandboxes[packages]

    def _replace(self, packages: tuple[str, ...]) -> None:
        """Another zygote in place of one that is not to be relied on. Raises GraderError where
        that cannot even run an empty file: then it was not the submission."""
        if packages in self._sandboxes:
            self._sandboxes.pop(packages).close()
        self._sandbox(packages).execute(Submission("nothing", Source("nothing.py", ("",))), [])


def _done(attempt: Attempt, seed: int, report: Report) -> Done:
    text = json.dumps(document(report), allow_nan=False, separators=(",", ":"))
    return Done(attempt, seed, report.status, report.score, report.max_score, _kind(report), text)


def _kind(report: Report) -> str | None:
    for check in report.checks:
        if check.status == "failed":
            cause = check.message.params.get("cause")
            message = cause if isinstance(cause, Message) else check.message
            return check.misconception or message.id
    return None


def failed(attempt: Attempt, seed: int, key: AnswerKey, why: str) -> Done:
    """The grader's own failure, with a document that says so."""
    return _without_checks(attempt, seed, key, Message("batch.failed", {"why": inert(why, 1000)}))


def _without_checks(attempt: Attempt, seed: int, key: AnswerKey, message: Message) -> Done:
    report = Report(
        exercise=key.exercise,
        title=key.title,
        checks=tuple(
            CheckResult(c.id, c.title, 0.0, c.points, "failed", message, "not_run")
            for c in key.checks
        ),
        status="error",
        stdout="",
        seed=key.seed,
        isolation=(),
        versions={"python": platform.python_version(), **key.versions},
        seconds=0.0,
        student=attempt.student,
    )
    return _done(attempt, seed, report)


# --- many ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Grading:
    """What all submissions of a run are graded with."""

    gradebook: Gradebook
    run: Run
    keys: Callable[[str, int], AnswerKey]
    limits: Limits
    required: int = STRANGERS
    """The weakest isolation that will do."""


def graded(
    work: Iterable[Work],
    grading: Grading,
    executor: Executor,
    task: Callable[[Task], Done],
    *,
    window: int,
) -> Iterator[Step]:
    """Have `executor` run `task` for all of `work`, at most `window` at a time; gives each
    attempt once its result is in the gradebook, in whatever order they come.

    Raises what `task` raises: it means that nothing more can be graded.
    """
    ready: SimpleQueue[Future[Done]] = SimpleQueue()
    pending = 0
    for one in _unfinished(work, grading):
        if isinstance(one, Step):
            yield one
            continue
        loaded = _load(one, grading.keys)
        if isinstance(loaded, Done):
            yield _recorded(loaded, grading)
            continue
        executor.submit(task, loaded).add_done_callback(ready.put)
        pending += 1
        while pending >= window or not ready.empty():
            yield _recorded(ready.get().result(), grading)
            pending -= 1
    for _ in range(pending):
        yield _recorded(ready.get().result(), grading)


def _unfinished(work: Iterable[Work], grading: Grading) -> Iterator[Work | Step]:
    rest = iter(work)
    while chunk := list(islice(rest, _CHUNK)):
        identities = [identity(one.attempt, one.seed, grading.limits) for one in chunk]
        known = grading.gradebook.finished(identities, grading.run.regrade)
        if known:  # what was graded otherwise in between does not count any more
            grading.gradebook.recall([*known])
        for one, its in zip(chunk, identities, strict=True):
            yield Step(one.attempt, known[its]) if its in known else one


def _load(work: Work, keys: Callable[[str, int], AnswerKey]) -> Task | Done:
    key = keys(work.attempt.exercise, work.seed)
    try:
        return Task(work.attempt, work.seed, work.load())
    except UsageError as error:
        message = Message("batch.unreadable", {"cause": error.message})
        return _without_checks(work.attempt, work.seed, key, message)
    except Exception as error:
        return failed(work.attempt, work.seed, key, f"{type(error).__name__}: {error}")


def _recorded(done: Done, grading: Grading) -> Step:
    of = identity(done.attempt, done.seed, grading.limits)
    result = Result(of, done.status, done.score, done.max_score, done.document)
    grading.gradebook.record(result, grading.run)
    return Step(done.attempt, done.status, done.kind, done.document)


# --- on this machine ----------------------------------------------------------------------------


class Crew:
    """The workers of this process: `size` that are at work, and as many again where those wait
    for submissions that hang or sleep. To be used from `2 * size` threads, which outlive it."""

    def __init__(self, grading: Grading, size: int) -> None:
        self._grading = grading
        self._size = size
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, float] = {}
        """Since when."""
        self._stopped = False

    def grade(self, task: Task) -> Done:
        """As `Worker.grade`; CancelledError once the crew has been stopped."""
        worker = self._take()
        try:
            return worker.grade(task)
        finally:
            self._give_back(worker)

    def stop(self) -> None:
        """No more work; a worker that is busy ends its zygotes when it is done. Does not wait."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> Worker:
        with self._changed:
            while not (self._stopped or self._room()):
                self._changed.wait(_SLOW / 4)
            if self._stopped:
                raise CancelledError
            if self._idle:
                worker, since = self._idle.pop(), time.monotonic()
            else:
                grading = self._grading
                worker = Worker(grading.keys, grading.limits, grading.required)
                since = math.inf  # it is no slow submission if the zygote takes long to start
            self._busy[worker] = since
            return worker

    def _room(self) -> bool:
        late = time.monotonic() - _SLOW
        return sum(since > late for since in self._busy.values()) < self._size

    def _give_back(self, worker: Worker) -> None:
        with self._changed:
            del self._busy[worker]
            if not self._stopped:
                self._idle.append(worker)
                self._changed.notify()
                return
        worker.close()


def graded_here(
    work: Iterable[Work], grading: Grading, *, workers: int
) -> Generator[Step, None, None]:
    """`graded`, in threads of this process, each of which drives processes of its own."""
    crew = Crew(grading, workers)
    executor = ThreadPoolExecutor(2 * workers)
    try:
        yield from graded(work, grading, executor, crew.grade, window=6 * workers)
    finally:
        # All is done, or nothing is waited for any more: a submission that hangs has its time.
        crew.stop()
        executor.shutdown(wait=False, cancel_futures=True)


def in_shard(student: str, shard: int, shards: int) -> bool:
    """Whether shard number `shard` (from 1) of `shards` grades this student."""
    return zlib.crc32(student.encode(errors="replace")) % shards == shard - 1
