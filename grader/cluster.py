"""The same work on a Dask cluster: submissions and answer keys go out as data, results come back.

Every thread of a worker keeps zygotes of its own. Submissions travel in chunks, since the
scheduler spends milliseconds on a task. What ran in a worker that is lost runs again elsewhere,
one submission after the other, so that one that takes workers with it takes nothing else along.
Only the process that asks writes to the gradebook.

Whoever reaches a scheduler can have it run anything: keep it on a network of your own, or use
TLS (tls://...). A submission has no network.
"""

from __future__ import annotations

import importlib
import pickle
import queue
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

import dask
from distributed import Client, WorkerPlugin, get_worker
from distributed import Future as Remote
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker, NoWorkerError

from grader import answer_key, batch
from grader.answer_key import AnswerKey
from grader.batch import Done, Grading, Step, Task, Work, Worker
from grader.model import GraderError, Message, UsageError
from grader.reports.words import render
from grader.sandbox.levels import WeakIsolation
from grader.sandbox.supervisor import Limits

CHUNK = 20
"""Submissions in a task: 2 ms of scheduling for each, where one alone takes 9."""
_LINGER = 0.05
"""Seconds that an incomplete chunk waits for more."""
_AHEAD = 3
"""Chunks on their way for every thread of the cluster."""
TRIES = 3
"""How often a submission may be running in a worker that is lost."""
_PATIENCE = 30
"""Seconds to reach a scheduler."""
_AWAY = 300
"""Seconds without any worker after which it ends: a machine starts again in that time, and what
takes longer may take a night. Nothing is lost by it: the same command goes on."""
_GLANCE = 2.0
"""Seconds between two looks at whether there are workers."""

Keys = dict[tuple[str, int], AnswerKey]
_Waiting = tuple[Task, "Future[Done]"]
Patience = Callable[[float | None], None]
"""Is told, again and again while there are no workers, how many seconds are left for one to come;
and None once there are some."""

DEPLOYERS: Final = {
    "local": ("distributed", "LocalCluster"),
    "slurm": ("dask_jobqueue", "SLURMCluster"),
    "pbs": ("dask_jobqueue", "PBSCluster"),
    "sge": ("dask_jobqueue", "SGECluster"),
    "lsf": ("dask_jobqueue", "LSFCluster"),
    "kubernetes": ("dask_kubernetes.operator", "KubeCluster"),
}
"""Dask's own ways to start a cluster; each is set up in Dask's configuration."""


# --- on the workers -------------------------------------------------------------------------------


def fingerprint() -> str:
    """What a worker must have in common with us for its results to be ours."""
    libraries = " ".join(f"{name} {v}" for name, v in answer_key.versions().items())
    return f"{batch.judges()} {libraries}"


class Graders(WorkerPlugin):
    """What a worker of the cluster keeps between chunks: its zygotes, by thread."""

    def __init__(self, limits: Limits, required: int, ours: str) -> None:
        self._limits, self._required, self._ours = limits, required, ours

    def setup(self, worker: object) -> None:
        self._here = threading.local()
        self._all: list[Worker] = []
        self._same = fingerprint() == self._ours

    def teardown(self, worker: object) -> None:
        for one in self._all:
            one.close()

    def grade(self, packed: bytes) -> list[Done]:
        if not self._same:
            raise OtherVersionError
        tasks, self._here.keys = _unpacked(packed)
        if not hasattr(self._here, "worker"):
            self._here.worker = Worker(self._key, self._limits, self._required)
            self._all.append(self._here.worker)
        return [self._here.worker.grade(task) for task in tasks]

    def _key(self, exercise: str, seed: int) -> AnswerKey:
        keys: Keys = self._here.keys
        return keys[exercise, seed]

    def __getstate__(self) -> Any:
        return self._limits, self._required, self._ours

    def __setstate__(self, state: Any) -> None:
        self._limits, self._required, self._ours = state


class OtherVersionError(Exception):
    """A worker of the cluster has another grader, another Python or other libraries."""


def _grade_chunk(plugin: str, packed: bytes) -> list[Done]:
    graders = get_worker().plugins[plugin]
    assert isinstance(graders, Graders)
    return graders.grade(packed)


def _packed(tasks: Sequence[Task], keys: Keys) -> bytes:
    """In one piece: otherwise the scheduler unpacks it, and keeps the thousand arrays of a key
    for every chunk that its logs hold, a thousand for every worker. Small, for that reason too."""
    return zlib.compress(pickle.dumps((tasks, keys)), level=1)


def _unpacked(packed: bytes) -> tuple[Sequence[Task], Keys]:
    found: tuple[Sequence[Task], Keys] = pickle.loads(zlib.decompress(packed))
    return found


# --- here -----------------------------------------------------------------------------------------


class ClusterExecutor(Executor):
    """Tasks in, one at a time; in chunks to the cluster; a future each out."""

    def __init__(
        self,
        client: Client,
        plugin: str,
        keys: Callable[[str, int], AnswerKey],
        patience: Patience,
    ) -> None:
        self._client, self._plugin, self._keys = client, plugin, keys
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._open: set[Future[Done]] = set()
        self._remote: set[Remote[Any]] = set()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._suspects: deque[tuple[_Waiting, int]] = deque()
        """What was in a worker that was lost, and which try comes next."""
        self._trying = False
        self._sender = threading.Thread(target=self._send_chunks, daemon=True)
        self._sender.start()
        self._watcher = threading.Thread(target=self._watch, args=[patience], daemon=True)
        self._watcher.start()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """`fn` is not called: what runs is the worker's own `Graders.grade`, of one Task."""
        [task] = args
        future: Future[Done] = Future()
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        self._waiting.put((task, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without waiting: what is on its way is called back."""
        self._over.set()
        self._waiting.put(None)
        with suppress(Exception):  # the cluster may be gone
            self._client.cancel(list(self._remote))

    def _send_chunks(self) -> None:
        while (first := self._waiting.get()) is not None:
            chunk, until = [first], time.monotonic() + _LINGER
            while len(chunk) < CHUNK:
                try:
                    more = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
                except queue.Empty:
                    break
                if more is None:
                    return
                chunk.append(more)
            self._send(chunk, 1)

    def _send(self, chunk: list[_Waiting], attempt: int) -> None:
        tasks = [task for task, _ in chunk]
        try:
            pairs = {(task.attempt.exercise, task.seed) for task in tasks}
            packed = _packed(tasks, {pair: self._keys(*pair) for pair in pairs})
            remote = self._client.submit(_grade_chunk, self._plugin, packed, pure=False)
            self._remote.add(remote)
            remote.add_done_callback(lambda done: self._landed(done, chunk, attempt))
        except BaseException as error:
            _fail(chunk, error)
            if attempt > 1:
                self._next_suspect(over=True)

    def _landed(self, remote: Remote[Any], chunk: list[_Waiting], attempt: int) -> None:
        """On a thread of the client's."""
        self._remote.discard(remote)
        try:
            results = remote.result()
        except (WeakIsolation, GraderError) as error:
            _fail(chunk, error)
        except OtherVersionError:
            _fail(chunk, UsageError(Message("cluster.other-version")))
        except BaseException as error:
            self._lost(chunk, attempt, error)
        else:
            for (_, future), result in zip(chunk, results, strict=True):
                _settle(future, result)
        finally:
            remote.release()
        if attempt > 1:
            self._next_suspect(over=True)

    def _lost(self, chunk: list[_Waiting], attempt: int, error: BaseException) -> None:
        """Something in the chunk, or beside it in its worker, took the worker with it."""
        if self._over.is_set():
            _fail(chunk, CancelledError())
        elif isinstance(error, FutureCancelledError):  # not by us
            _fail(chunk, _gone("cluster.scheduler-gone"))
        elif isinstance(error, NoWorkerError):  # the scheduler has less patience than we
            _fail(chunk, _gone("cluster.workers-gone"))
        elif attempt < TRIES:
            with self._lock:
                self._suspects.extend((one, attempt + 1) for one in chunk)
            self._next_suspect()
        else:
            why = f"{TRIES} workers were lost over it ({type(error).__name__})"
            if not isinstance(error, KilledWorker):
                why = f"{TRIES} workers failed over it ({type(error).__name__}: {error})"
            for task, future in chunk:
                try:
                    key = self._keys(task.attempt.exercise, task.seed)
                    _settle(future, batch.failed(task.attempt, task.seed, key, why))
                except BaseException as fault:  # a future that is left open is waited for
                    _settle(future, fault)

    def _next_suspect(self, *, over: bool = False) -> None:
        """Suspects run one after the other, so that none is blamed for its neighbour."""
        with self._lock:
            self._trying &= not over
            if self._trying or not self._suspects:
                return
            self._trying = True
            one, attempt = self._suspects.popleft()
        self._send([one], attempt)

    def _watch(self, patience: Patience) -> None:
        try:
            self._look_after_workers(patience)
        except Exception as error:  # nobody reads any longer that it waits, for one
            self._give_up(error)

    def _look_after_workers(self, patience: Patience) -> None:
        """Dask itself waits for workers for ever, and says nothing."""
        since: float | None = None
        while not self._over.wait(_GLANCE):
            now = time.monotonic()
            if not self._open or _workers(self._client):
                if since is not None:
                    patience(None)
                since = None
            elif since is None:  # one that is started again is back before the next look
                since = now
            elif now - since < _AWAY:
                patience(_AWAY - (now - since))
            else:
                self._give_up(_gone("cluster.workers-gone"))

    def _give_up(self, error: Exception) -> None:
        for future in list(self._open):
            _settle(future, error)


def _workers(client: Client) -> int:
    try:
        return len(client.nthreads())
    except Exception:  # whatever a connection that breaks off raises
        return 0


def _gone(id_: str) -> GraderError:
    return GraderError(render(Message(id_)))


def _fail(chunk: list[_Waiting], error: BaseException) -> None:
    for _, future in chunk:
        _settle(future, error)


def _settle(future: Future[Done], outcome: Done | BaseException) -> None:
    with suppress(InvalidStateError):  # given up meanwhile
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


@contextmanager
def connected(scheduler: str, workers: int | None = None) -> Iterator[Client]:
    """A client of the scheduler at an address (tcp://..., tls://...), or of a cluster that one
    of DEPLOYERS starts, with `workers` workers.

    Raises UsageError: cluster.unreachable, cluster.not-installed, cluster.did-not-start.
    """
    with ExitStack() as stack:
        if scheduler in DEPLOYERS:
            cluster = stack.enter_context(_deployed(scheduler, workers))
            yield stack.enter_context(Client(cluster, set_as_default=False))
            return
        try:
            client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            why = str(error).strip().partition("\n")[0] or "no answer"
            params = {"scheduler": scheduler, "why": why, "names": list(DEPLOYERS)}
            raise UsageError(Message("cluster.unreachable", params)) from None
        yield stack.enter_context(client)


def _deployed(name: str, workers: int | None) -> Any:
    module, class_ = DEPLOYERS[name]
    try:
        deployer = getattr(importlib.import_module(module), class_)
    except ImportError:
        package = module.partition(".")[0].replace("_", "-")
        params = {"scheduler": name, "package": package}
        raise UsageError(Message("cluster.not-installed", params)) from None
    try:
        if name == "local":
            return deployer(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        cluster = deployer()
        cluster.scale(workers or 1)
    except Exception as error:
        # Whatever a queueing system or a missing configuration has to say.
        why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        raise UsageError(
            Message("cluster.did-not-start", {"scheduler": name, "why": why})
        ) from None
    return cluster


def graded_there(
    work: Iterable[Work],
    grading: Grading,
    scheduler: str,
    *,
    workers: int | None = None,
    patience: Patience = lambda left: None,
) -> Generator[Step]:
    """`batch.graded`, on a Dask cluster. Raises GraderError where all of its workers leave for
    good, or its scheduler does."""
    # Of the messages of a connection Dask keeps the last thousand, submissions and all.
    brief = dask.config.set({"distributed.admin.low-level-log-length": 10})
    with brief, connected(scheduler, workers) as client:
        name = f"grade-{grading.run.id}"
        client.register_plugin(Graders(grading.limits, grading.required, fingerprint()), name=name)
        # How often a submission is tried again is counted here, one by one.
        with suppress(Exception):  # a scheduler that runs nothing for us: its own count then
            client.run_on_scheduler(_lost_once)
        threads = _threads(client, patience)
        executor = ClusterExecutor(client, name, grading.keys, patience)
        try:
            window = CHUNK * _AHEAD * max(threads, 1)
            yield from batch.graded(work, grading, executor, _never_called, window=window)
        finally:
            executor.shutdown(cancel_futures=True)
            with suppress(Exception):
                client.unregister_worker_plugin(name)


def _lost_once(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


def _threads(client: Client, patience: Patience) -> int:
    """Of all workers, once there is one. Raises UsageError where none comes."""
    until = time.monotonic() + _AWAY
    while (left := until - time.monotonic()) > 0:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=min(_GLANCE, left))
        counts: Mapping[str, int] = client.nthreads()
        if counts:
            patience(None)
            return sum(counts.values())
        patience(max(0.0, until - time.monotonic()))
    raise UsageError(Message("cluster.no-workers"))


def _never_called(task: Task) -> Done:
    raise AssertionError("a cluster runs what its workers have")
