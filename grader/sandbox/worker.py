"""Frames with calls in, frames with data out: what a worker does once it is locked down.

Nothing in this process is believed by the other side. What is done here against code that gets
in the way (replaced functions, lying types) is for learners who did it by accident.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, TextIO

from . import tensors
from .imports import ForbiddenUse
from .learner import Learner, texts
from .wire import (
    Absent,
    Exhausted,
    Loaded,
    Ready,
    Refused,
    Reply,
    Value,
    frame,
    pack_reply,
    read_frame,
    unpack_call,
    unpack_load,
)

REQUESTS, REPLIES = 3, 4
_CUT_OFF = 70  # the exit status when the supervisor can no longer be reached

# By name: a learner who replaces os.write spoils nothing here.
_read, _write, _exit = os.read, os.write, os._exit
_streams: list[TextIO] = []


def main(reply_bytes: int, isolation: tuple[str, ...]) -> NoReturn:
    """Serve until the other side has heard enough; `isolation` is what was reached."""
    number, message = read_frame(_read_exactly)
    load = unpack_load(message)
    drivers = {name: _driver(name, source) for name, source in load.drivers.items()}
    _prepare(seeded=any("random" in text for text in texts(load)))
    learner = Learner(load)

    def send(reply: Callable[[], Reply]) -> None:
        try:
            message = pack_reply(reply(), reply_bytes)
        except BaseException as error:
            # sys.exc_info: a class of the learner's may define __traceback__ as it likes.
            message = pack_reply(_reason(learner, error, sys.exc_info()[2]), reply_bytes)
        _flush()
        _write_all(frame(number, message))

    def run() -> Reply:
        learner.run()
        return Loaded()

    send(lambda: Ready(isolation))
    # From here on the learner's code has run, and may have changed anything.
    send(run)
    while True:
        number, message = read_frame(_read_exactly)
        send(partial(_answer, learner, drivers, message))


def _answer(learner: Learner, drivers: dict[str, Any], message: bytes) -> Reply:
    call = unpack_call(message)
    if call.function not in learner.namespace:
        if learner.skipped:  # the cell that would have defined it, most likely
            return _reason(learner, learner.skipped, learner.skipped.__traceback__)
        return Absent(call.function, learner.defined())
    function = learner.namespace[call.function]
    args, kwargs = call.args, call.kwargs
    if call.tensors:
        args, kwargs = tensors.from_arrays(args), tensors.from_arrays(kwargs)
    if call.driver is None:
        value = function(*args, **kwargs)
    else:
        value = drivers[call.driver](function, *args, **kwargs)
    return Value(value, [args, kwargs])


def _reason(learner: Learner, error: BaseException, traceback: TracebackType | None) -> Reply:
    if isinstance(error, ForbiddenUse):
        return Refused(error.package, learner.line(traceback)[0] or error.line)
    if isinstance(error, MemoryError):
        return Exhausted()
    return learner.failure(error, traceback)


def _driver(name: str, source: str) -> Any:
    """The function of that name in the author's source, in a namespace of its own."""
    namespace: dict[str, Any] = {"__name__": f"driver {name}"}
    exec(compile(source, f"driver {name}", "exec"), namespace)
    return namespace[name]


def _prepare(*, seeded: bool) -> None:
    gc.enable()
    # A warning is neither an error nor worth the room it takes.
    warnings.simplefilter("ignore")
    # Not the zygote's, which write to no pipe. By lines: what was printed before a crash stays.
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(descriptor, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
        vars(sys).update({name: stream, f"__{name}__": stream})
        _streams.append(stream)
    if seeded:  # the same numbers in every run; importing these takes 15 ms
        import random

        import numpy.random

        random.seed(0)
        numpy.random.seed(0)


def _flush() -> None:
    for stream in _streams:
        try:
            stream.flush()
        except (OSError, ValueError):  # closed by the learner
            continue


def _read_exactly(size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = _read(REQUESTS, min(size - len(data), 1 << 20))
        if not chunk:
            _exit(_CUT_OFF)
        data += chunk
    return bytes(data)


def _write_all(data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[_write(REPLIES, rest) :]
    except OSError:  # closed by the learner
        _exit(_CUT_OFF)
