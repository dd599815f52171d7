"""Reply messages of a worker in, outcomes out; on the trusted side."""

from __future__ import annotations

from grader.model import Forbidden, Missing, Opaque, Outcome, OutOfMemory, Raised, Returned

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


def parse(message: bytes) -> Reply:
    """The reply as data of ours; raises Malformed."""
    return unpack_reply(message, opaque=Opaque, text=inert)


def outcome_of(reply: Reply, *, memory_mb: int) -> Outcome | None:
    """What a reply to a call (or to loading, where None is that it worked) amounts to."""
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
        case Loaded():
            return None
        case Ready():
            raise Malformed("ready twice")
