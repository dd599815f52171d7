"""What can be wrong with a kernel, as data: an id, its parameters, a line of the learner's.

It travels as the text of an exception. The trusted side reads that text with `read`, and shows
words of its own for an id it knows.
"""

from __future__ import annotations

import json
import os
import sys
from types import FrameType
from typing import Any, Final

KNOWN: Final[dict[str, frozenset[str]]] = {
    name: frozenset(params.split())
    for name, params in {
        # Threads of one block, no barrier between them; of different blocks, where none helps.
        "race": "array index how first second block",
        "race-between-blocks": "array index how first second",
        # Some threads have ended, or wait at another barrier, for good.
        "barrier-ended": "ended waiting block",
        "barrier-mismatch": "other first second block",
        "out-of-bounds": "array index shape how thread block",
        "negative-index": "array index shape how thread block",
        "too-many-indices": "array count dimensions",
        # Shared or local memory, or an output, that nobody has written.
        "uninitialised": "array index thread block",
        "output-read": "array index thread block",
        "not-written": "array index missing total",
        "input-written": "array index thread block",
        # Global memory, over and over.
        "read-by-everybody": "array times",
        "shared-size": "bytes limit",
        "not-a-kernel": "name",
        "device-function": "name",
        "unsupported": "name",
        "types": "why",
    }.items()
}
"""By id, the parameters that come with it."""

_OURS = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib: 5 ms


class KernelFault(Exception):  # noqa: N818 - the name that says it
    """A kernel does what it must not do."""

    def __init__(self, id_: str, at: tuple[str, int] | None = None, /, **params: Any) -> None:
        super().__init__(json.dumps([id_, params]))
        self.id = id_
        self.at = at
        """The name under which the learner's code was compiled, and the line."""


def here() -> tuple[str, int] | None:
    """Where the innermost code is that is not of this folder."""
    frame: FrameType | None = sys._getframe(1)
    while frame and frame.f_code.co_filename.startswith(_OURS):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else None


def read(text: str) -> tuple[str, dict[str, Any]] | None:
    """The id and parameters in the text of a KernelFault; None where it is no such text."""
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match stored:
        case [str(id_), dict(params)] if KNOWN.get(id_) == params.keys():
            plain = {name: _plain(value) for name, value in params.items()}
            if None not in plain.values():
                return id_, plain
    return None


def _plain(value: Any) -> Any:
    """A number, a harmless text or a short list of numbers; None for anything else."""
    from grader.sandbox.inert import inert  # which a worker has no use for

    match value:
        case str():
            return inert(value)
        case int() if type(value) is int:
            return value
        case list() if len(value) <= 8 and all(type(item) is int for item in value):
            return value
    return None
