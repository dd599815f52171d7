"""Runs the attempts at one level of isolation, as whoever runs it: rows of what came of each.

python -m tests.attacks.suite LEVEL PROFILE     rows as JSON
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from grader.model import GraderError, Killed, NotRun, Outcome, Raised, Returned, Source, Submission
from grader.sandbox.launch import launch
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

from .attempts import NUMPY, PREAMBLE, Attack
from .later import NUMPY_LATER, TORCH

SECRET = "s3cr3t-env-token"
ATTACKS = {"numpy": [*NUMPY, *NUMPY_LATER], "torch": TORCH}
OPTIONS = {1: [], 2: ["without-bubblewrap"], 3: ["without-bubblewrap", "without-landlock"]}
LEFTOVERS = [Path("/tmp/_attack"), Path("/tmp/_attack.npy"), Path("/dev/shm/_attack")]


class Row(NamedTuple):
    """What came of one attack."""

    name: str
    result: str
    """"stopped", "known" (gets through, and SECURITY.md says so), or what went wrong."""


@contextmanager
def scene(level: int, profile: str) -> Iterator[tuple[Sandbox, str]]:
    """A supervisor with secrets, a hidden file, and a server that could be reached."""
    packages = ("numpy",) if profile == "numpy" else ("numpy", "torch")
    os.environ["SECRET_TOKEN"] = SECRET
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        hidden = Path(folder, "solution.py")
        hidden.write_text(SECRET)
        Path(folder, "solution.py.link").symlink_to(SECRET)
        preamble = PREAMBLE.format(
            supervisor=os.getpid(),
            port=server.getsockname()[1],
            hidden=str(hidden),
            grader=str(Path(__file__).parents[2] / "grader"),
        )
        with Sandbox(launch(packages, strangers=True, options=OPTIONS[level])) as sandbox:
            yield sandbox, preamble
        assert hidden.read_text() == SECRET and len([*Path(folder).iterdir()]) == 2
    del os.environ["SECRET_TOKEN"]


def run(level: int, profile: str, only: Sequence[str] = ()) -> list[Row]:
    """All attacks of a profile at a level, and an honest file after them."""
    state = _own_state()
    with scene(level, profile) as (sandbox, preamble):
        honest = Attack("honest", "")
        reached, _ = _execute(sandbox, preamble, honest)
        if reached[0] != f"level-{level}":
            raise GraderError(f"level {level} was asked for and {reached} reached")
        chosen = [a for a in ATTACKS[profile] if not only or a.name in only]
        rows = [Row(a.name, _judged(sandbox, preamble, a, level)) for a in chosen]
        _, (outcome, *_) = _execute(sandbox, preamble, honest)
        assert isinstance(outcome, Returned) and outcome.value.tolist() == [0.0, 2.0, 4.0]
        zygote = sandbox._zygote.pid
        assert sandbox._zygote.stderr_tail() == "", sandbox._zygote.stderr_tail()
    left = [str(path) for path in LEFTOVERS if path.is_symlink() or path.exists()]
    assert not left, left
    assert not Path(f"/proc/{zygote}").exists()
    assert _own_state() == state
    return rows


def _own_state() -> object:
    """What of this process an attack could have changed."""
    limits = [resource.getrlimit(which) for which in range(16)]
    return limits, os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0)


def _execute(
    sandbox: Sandbox, preamble: str, attack: Attack
) -> tuple[tuple[str, ...], tuple[Outcome, ...]]:
    submission = Submission("exercise-1", Source("exercise_1.py", (preamble + attack.code,)))
    call = Request("f", pack_call("f", (np.arange(3.0),), {}))
    execution = sandbox.execute(submission, [call] * attack.calls, limits=attack.limits)
    shown = f"{execution.stdout}\n{execution.outcomes if attack.calls == 1 else ''}"
    for bad in ("PWNED", SECRET, "\x1b", "\u202e", "\ud800"):
        if bad in shown:
            return execution.isolation, (Killed("through", f"{bad!a} in {shown[-300:]!a}"),)
    return execution.isolation, execution.outcomes


def _judged(sandbox: Sandbox, preamble: str, attack: Attack, level: int) -> str:
    started = time.monotonic()
    try:
        _, outcomes = _execute(sandbox, preamble, attack)
    except GraderError as error:
        return f"the grader failed: {error}"
    children = Path(f"/proc/{sandbox._zygote.pid}/task/{sandbox._zygote.pid}/children")
    if level > 1 and children.read_text():
        return "a worker was left"
    outcome = outcomes[-1]
    if isinstance(outcome, Killed) and outcome.reason == "through":
        return "known" if level in attack.known else f"got through: {outcome.detail}"
    if level in attack.known:
        return "is said to get through, and does not"
    if not described(outcome).startswith(tuple(attack.outcomes.split("|"))):
        return f"ended with {described(outcome)} {outcome!a:.200}, not {attack.outcomes}"
    if isinstance(outcome, Raised) and (outcome.column or 0) > 10_000:
        return "points a gigabyte away"
    held = sum(_bytes(o.value) for o in outcomes if isinstance(o, Returned))
    if held > 8 * Limits().reply_bytes:
        return f"made the grader keep {held} bytes"
    seconds = time.monotonic() - started
    return "stopped" if seconds < 20 else f"took {seconds:.0f} seconds"


def _bytes(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_bytes, value))
    return value.nbytes if isinstance(value, np.ndarray) else 0


def described(outcome: Outcome) -> str:
    match outcome:
        case NotRun(cause):
            return described(cause)
        case Returned(value):
            return f"Returned {type(value).__name__}"
        case Killed(reason, detail):
            return f"Killed {reason} {detail}"
    return f"{type(outcome).__name__} {getattr(outcome, 'type', '')}"


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), sys.argv[2], sys.argv[3:])))
