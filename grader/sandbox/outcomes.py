"""Reply messages of a worker in, outcomes out; on the trusted side."""

from __future__ import annotations

from grader.model import Forbidden, Killed, Missing, Opaque, Outcome, OutOfMemory, Raised, Returned

from .inert import inert
from .wire import (
    Absent,
    Exhausted,
    Failure,
    Loaded,
    Malformed,
    Ready,
    Refused,
    Reply,
    Value,
    unpack_reply,
)

FLOOD = 64
"""Times what is kept of the output, and the worker is ended."""


class Ended(Exception):  # noqa: N818 - not an error
    """The worker is over, or is to be; why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def parse(message: bytes) -> Reply:
    """The reply as data of ours; raises Malformed."""
    return unpack_reply(message, opaque=Opaque, text=inert)


def of_loading(reply: Reply, memory_mb: int) -> Outcome | None:
    """Why the file did not load; None when it did."""
    match reply:
        case Loaded():
            return None
        case Failure() | Refused() | Exhausted():
            return of_calling(reply, memory_mb)
    raise Malformed("unexpected")


def of_calling(reply: Reply, memory_mb: int) -> Outcome:
    """What a call led to."""
    match reply:
        case Value(value, arguments):
            return Returned(value, arguments)
        case Failure(kind, message, filename, line, cell, column):
            return Raised(kind, message, filename, line, cell, column)
        case Absent(name, defined):
            return Missing(name, defined)
        case Refused(package, line):
            return Forbidden(package, line)
        case Exhausted():
            return OutOfMemory(memory_mb)
        case Ready() | Loaded():
            raise Malformed("unexpected")


def of_ending(end: Ended | Malformed) -> Outcome:
    """What it came to that a worker ended, or sent something malformed."""
    return end.outcome if isinstance(end, Ended) else Killed("protocol", str(end))
