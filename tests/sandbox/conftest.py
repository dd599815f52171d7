"""A sandbox for all tests of a session, and a short way to execute a submission in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from grader.model import Source, Submission
from grader.sandbox.supervisor import Execution, Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

QUICK = Limits(cpu_seconds=1, wall_seconds=10, memory_mb=256)
"""Of processor time, so that a machine that is busy otherwise changes nothing."""

Run = Callable[..., Execution]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.launch() as sandbox:
        yield sandbox


def execute(
    sandbox: Sandbox,
    source: str | Sequence[str],
    *calls: str | tuple[Any, ...],
    neighbours: dict[str, str] | None = None,
    limits: Limits = QUICK,
    **options: Any,
) -> Execution:
    """`source` is a file, or the cells of a notebook; a call is `(function, *arguments)`."""
    if isinstance(source, str):
        main = Source("exercise_1.py", (source,))
    else:
        main = Source("exercise_1.ipynb", tuple(source))
    others = {name: Source(f"{name}.py", (text,)) for name, text in (neighbours or {}).items()}
    requests = []
    for call in calls or ("f",):
        function, *args = (call, np.arange(3.0)) if isinstance(call, str) else call
        body = pack_call(function, tuple(args), {}, driver=(options.get("drivers") and "drive"))
        requests.append(Request(function, body))
    submission = Submission("exercise-1", main, others)
    return sandbox.execute(submission, requests, limits=limits, **options)


@pytest.fixture
def run(sandbox: Sandbox) -> Run:
    def run(*arguments: Any, **options: Any) -> Execution:
        return execute(sandbox, *arguments, **options)

    return run
