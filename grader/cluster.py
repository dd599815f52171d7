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
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

from distributed import Client, WorkerPlugin, get_worker
from distributed import Future as Remote
from distributed.scheduler import KilledWorker

from grader import answer_key, batch
from grader.answer_key import AnswerKey
from grader.batch import Done, Grading, Step, Task, Work, Worker
from grader.model import GraderError, Message, UsageError
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

Keys = dict[tuple[str, int], AnswerKey]
_Waiting = tuple[Task, "Future[Done]"]

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

    def grade(self, tasks: Sequence[Task], keys: Keys) -> list[Done]:
        if not self._same:
            raise OtherVersionError
        self._here.keys = keys
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


def _grade_chunk(plugin: str, tasks: Sequence[Task], keys: Keys) -> list[Done]:
    graders = get_worker().plugins[plugin]
    assert isinstance(graders, Graders)
    return graders.grade(tasks, keys)


# --- here -----------------------------------------------------------------------------------------


class ClusterExecutor(Executor):
    """Tasks in, one at a time; in chunks to the cluster; a future each out."""

    def __init__(self, client: Client, plugin: str, keys: Callable[[str, int], AnswerKey]) -> None:
        self._client, self._plugin, self._keys = client, plugin, keys
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._remote: set[Remote[Any]] = set()
        self._stopped = False
        self._lock = threading.Lock()
        self._suspects: deque[tuple[_Waiting, int]] = deque()
        """What was in a worker that was lost, and which try comes next."""
        self._trying = False
        self._sender = threading.Thread(target=self._send_chunks, daemon=True)
        self._sender.start()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """`fn` is not called: what runs is the worker's own `Graders.grade`, of one Task."""
        [task] = args
        future: Future[Done] = Future()
        self._waiting.put((task, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without waiting: what is on its way is called back."""
        self._stopped = True
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
            keys = {pair: self._keys(*pair) for pair in pairs}
            remote = self._client.submit(_grade_chunk, self._plugin, tasks, keys, pure=False)
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
                future.set_result(result)
        finally:
            remote.release()
        if attempt > 1:
            self._next_suspect(over=True)

    def _lost(self, chunk: list[_Waiting], attempt: int, error: BaseException) -> None:
        """Something in the chunk, or beside it in its worker, took the worker with it."""
        if self._stopped:
            _fail(chunk, CancelledError())
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
                    future.set_result(batch.failed(task.attempt, task.seed, key, why))
                except BaseException as fault:  # a future that is left open is waited for
                    future.set_exception(fault)

    def _next_suspect(self, *, over: bool = False) -> None:
        """Suspects run one after the other, so that none is blamed for its neighbour."""
        with self._lock:
            self._trying &= not over
            if self._trying or not self._suspects:
                return
            self._trying = True
            one, attempt = self._suspects.popleft()
        self._send([one], attempt)


def _fail(chunk: list[_Waiting], error: BaseException) -> None:
    for _, future in chunk:
        future.set_exception(error)


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
    work: Iterable[Work], grading: Grading, scheduler: str, *, workers: int | None = None
) -> Generator[Step]:
    """`batch.graded`, on a Dask cluster."""
    with connected(scheduler, workers) as client:
        name = f"grade-{grading.run.id}"
        client.register_plugin(Graders(grading.limits, grading.required, fingerprint()), name=name)
        # How often a submission is tried again is counted here, one by one.
        with suppress(Exception):  # a scheduler that runs nothing for us: its own count then
            client.run_on_scheduler(_lost_once)
        threads = _threads(client)
        executor = ClusterExecutor(client, name, grading.keys)
        try:
            window = CHUNK * _AHEAD * max(threads, 1)
            yield from batch.graded(work, grading, executor, _never_called, window=window)
        finally:
            executor.shutdown(cancel_futures=True)
            with suppress(Exception):
                client.unregister_worker_plugin(name)


def _lost_once(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0


def _threads(client: Client) -> int:
    """Of all workers, once there is one. Raises UsageError where none comes."""
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=10 * _PATIENCE)
    counts: Mapping[str, int] = client.nthreads()
    if not counts:
        raise UsageError(Message("cluster.no-workers"))
    return sum(counts.values())


def _never_called(task: Task) -> Done:
    raise AssertionError("a cluster runs what its workers have")
