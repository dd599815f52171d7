"""A submission and calls in, outcomes out: the trusted side of the sandbox.

    with Sandbox.launch() as sandbox:
        request = Request("sigmoid", pack_call("sigmoid", (x,), {}))
        execution = sandbox.execute(submission, [request])

What has to be quick is here and in `launch`; NumPy is imported with `session`, when the zygote
has long been on its way.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from .launch import Zygote, launch

if TYPE_CHECKING:
    from grader.model import Outcome, Source, Submission

    from .connection import Connection
    from .wire import File

_ALL_REPLIES = 8
_NONE: Mapping[str, str] = MappingProxyType({})


class NoDevice(Exception):  # noqa: N818 - what it is
    """The device that calls are to be made on cannot be used; the text says why. Nothing of the
    submission has run."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may use."""

    cpu_seconds: float = 5.0
    """Decides a time-out; the kernel counts whole seconds, so it is rounded up."""
    wall_seconds: float = 15.0
    """For what waits and does not compute. Restarted workers together get three times that."""
    memory_mb: int = 1024
    """Above what the zygote takes up with NumPy loaded."""
    output_bytes: int = 64 * 1024
    """Kept of what is printed; 64 times that ends the worker."""
    reply_bytes: int = 16 << 20
    """Of one call; all calls together, whose values are kept until they are judged, may answer
    with eight times that."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call, packed with `wire.pack_call`."""

    group: str
    """The learner's function: when a call of it ends the process, its other calls do not run."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Execution:
    """What came of a submission."""

    outcomes: tuple[Outcome, ...]
    """One per request, in their order."""
    load: Outcome | None
    """Why the file did not load; None when it did."""
    stdout: str
    """What was printed, on standard error too; harmless, and cut."""
    isolation: tuple[str, ...]
    seconds: float
    cpu_seconds: float


class Sandbox:
    """A zygote, and submissions executed one after the other, each in processes of its own.

    Not to be shared between threads.
    """

    def __init__(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self._forked = 0

    @classmethod
    def launch(
        cls, packages: Sequence[str] = ("numpy",), *, strangers: bool = False, required: int = 5
    ) -> Sandbox:
        """Start a zygote, as `launch.launch` says, and return at once; `execute` waits for it.

        Where there is no Linux, `portable` stands in, for trusted submissions only.
        """
        if sys.platform != "linux":
            from .levels import WeakIsolation, refusal
            from .portable import PortableSandbox

            if (why := refusal(required)) is not None:
                raise WeakIsolation(why)
            return PortableSandbox(packages)
        return cls(launch(packages, strangers=strangers, required=required))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._zygote.close()

    def execute(
        self,
        submission: Submission,
        requests: Sequence[Request],
        *,
        drivers: Mapping[str, str] = _NONE,
        limits: Limits | None = None,
    ) -> Execution:
        """Load the submission and answer the requests in order; GraderError for our own faults.

        `drivers` are the author's: source text by the name of the function in it.
        """
        from grader.model import Killed, NotRun, TimedOut

        from .wire import MAX_HEADER, Load, pack_load

        limits = limits or Limits()
        start = time.monotonic()
        left = 3 * limits.wall_seconds
        allowance = _ALL_REPLIES * limits.reply_bytes
        load = pack_load(
            Load(
                module="".join(c if c.isalnum() else "_" for c in submission.exercise),
                main=_file(submission.main),
                neighbours={name: _file(file) for name, file in submission.neighbours.items()},
                drivers=dict(drivers),
            )
        )
        outcomes: dict[int, Outcome] = {}
        lost: dict[str, Outcome] = {}  # functions whose call ended the process, and how
        sessions: list[Connection] = []
        failed: Outcome | None = None
        files = (submission.main, *submission.neighbours.values())
        notebook = any(file.is_notebook for file in files)
        while True:
            seconds = min(limits.wall_seconds, left)
            with self._session(limits, seconds, allowance, notebook) as session:
                sessions.append(session)
                failed = session.load(load)
                if failed is not None:
                    break
                for index, request in enumerate(requests):
                    if index not in outcomes and request.group not in lost:
                        outcomes[index] = session.call(request.body)
                        if session.ended is not None:
                            lost[request.group] = session.ended
                            break
            if all(i in outcomes or request.group in lost for i, request in enumerate(requests)):
                break
            left -= time.monotonic() - session.started
            allowance -= session.received
            if allowance <= MAX_HEADER:  # our own words at the start still have to fit
                failed = Killed("output")
                break
            if left <= 0:
                failed = TimedOut(3 * limits.wall_seconds)
                break
        for index, request in enumerate(requests):
            cause = lost.get(request.group, failed)
            if cause is not None:
                outcomes.setdefault(index, NotRun(cause))
        return Execution(
            outcomes=tuple(outcomes[index] for index in range(len(requests))),
            load=failed if len(sessions) == 1 and not lost else None,
            stdout=_shown(sessions, limits),
            isolation=sessions[0].isolation,
            seconds=time.monotonic() - start,
            cpu_seconds=sum(session.cpu_seconds for session in sessions),
        )

    def _session(
        self, limits: Limits, seconds: float, allowance: int, notebook: bool
    ) -> Connection:
        from .session import Session

        self._forked += 1
        return Session(
            self._zygote,
            self._forked,
            limits,
            seconds=seconds,
            allowance=allowance,
            notebook=notebook,
        )


def _shown(sessions: Sequence[Connection], limits: Limits) -> str:
    """What the first worker printed, and later ones beside what loading prints every time."""
    from .inert import inert

    first, *later = sessions
    printed = [first.printed(while_loading=True)]
    printed += [session.printed(while_loading=False) for session in later]
    text = b"".join(printed).decode("utf-8", "replace")
    return inert(text.replace("\r\n", "\n"), limits.output_bytes)


def _file(source: Source) -> File:
    from .wire import File

    return File(source.filename, source.cells)
