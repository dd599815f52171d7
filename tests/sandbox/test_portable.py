"""The sandbox of macOS and Windows, run here: what differs there is only what the system adds.

Not run: macOS itself, with its sandbox-exec, and Windows.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader import submission
from grader.answer_key import AnswerKey
from grader.grade import grade
from grader.model import (
    Forbidden,
    GraderError,
    Killed,
    Missing,
    NotRun,
    Outcome,
    OutOfMemory,
    Raised,
    Report,
    Returned,
    TimedOut,
)
from grader.sandbox import levels, portable
from grader.sandbox.portable import PortableSandbox
from grader.sandbox.supervisor import Limits, NoDevice, Sandbox

from .conftest import execute

ROOT = Path(__file__).parents[2]
DOUBLE = "def f(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def alone() -> Iterator[Sandbox]:
    with PortableSandbox() as sandbox:
        yield sandbox


def one(sandbox: Sandbox, source: str, **options: object) -> Outcome:
    (outcome,) = execute(sandbox, source, **options).outcomes
    return outcome


def test_a_call_returns_and_the_level_is_said(alone: Sandbox) -> None:
    execution = execute(alone, "print('hello')\n" + DOUBLE)
    (outcome,) = execution.outcomes
    assert isinstance(outcome, Returned)
    assert outcome.value.tolist() == [0, 2, 4]
    assert execution.isolation == ("level-5", "process", "limits")
    assert execution.stdout == "hello\n"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def f(x):\n    return 1 / 0\n", Raised),
        ("def g(x):\n    return x\n", Missing),
        ("import torch\ndef f(x):\n    return torch.ones(3)\n", Forbidden),
        ("import sys\ndef f(x):\n    sys.exit(0)\n", Raised),
        ("import os\ndef f(x):\n    os._exit(0)\n", Killed),
        ("import os\ndef f(x):\n    os.kill(os.getpid(), 11)\n", Killed),
        ("def f(x):\n    while True: pass\n", TimedOut),
        ("import time\ndef f(x):\n    time.sleep(60)\n", TimedOut),
        ("def f(x):\n    while True: print('x' * 10_000)\n", Killed),
        ("import os\ndef f(x):\n    os.write(4, b'GRADE' * 1000)\n    return x\n", Killed),
        ("import os\ndef f(x):\n    os.close(4)\n    return x\n", Killed),
        ("raise MemoryError\n", OutOfMemory),
    ],
)
def test_what_goes_wrong_is_the_submissions(
    alone: Sandbox, source: str, kind: type[Outcome]
) -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=3)
    execution = execute(alone, source, limits=limits)
    outcome = execution.load or execution.outcomes[0]
    assert isinstance(outcome.cause if isinstance(outcome, NotRun) else outcome, kind), outcome


def test_other_functions_are_called_in_a_new_process(alone: Sandbox) -> None:
    source = "import os\ndef f(x):\n    os._exit(3)\n" + DOUBLE.replace("f(", "g(")
    first, second, third = execute(alone, source, "f", "f", "g").outcomes
    assert first == Killed("exited", "3")
    assert second == NotRun(first)
    assert isinstance(third, Returned)


def test_a_large_call_and_a_large_answer_cross(alone: Sandbox) -> None:
    (outcome,) = execute(alone, DOUBLE, ("f", np.arange(1e6))).outcomes
    assert isinstance(outcome, Returned)
    assert outcome.value[-1] == 2 * (1e6 - 1)


def test_nothing_of_it_stays(alone: Sandbox) -> None:
    source = """
import os, time
def f(x):
    if os.fork() == 0:
        time.sleep(60)
    return os.getpid()
"""
    outcome = one(alone, source)
    assert isinstance(outcome, Returned)
    deadline = time.monotonic() + 10
    while (left := _of_session(int(outcome.value))) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left


def _of_session(number: int) -> list[str]:
    found = []
    for name in (p.name for p in Path("/proc").iterdir() if p.name.isdigit()):
        try:
            state, _, _, session = (
                Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:4]
            )
        except OSError:
            continue
        if int(session) == number and state != "Z":
            found.append(name)
    return found


def test_a_worker_that_cannot_start_is_our_fault() -> None:
    missing = pytest.raises(GraderError, match=r"(?s)did not start.*no_such_package")
    with PortableSandbox(("no_such_package",)) as sandbox, missing:
        execute(sandbox, DOUBLE)


def test_the_time_that_torch_takes_to_import_is_not_the_submissions() -> None:
    limits = Limits(cpu_seconds=1, wall_seconds=60)
    source = "import torch\ndef f(x):\n    return torch.from_numpy(x) * 2\n"
    busy = "def g(x):\n    while True: pass\n"
    with PortableSandbox(("numpy", "torch")) as sandbox:
        first, second = execute(sandbox, source + busy, "f", "g", limits=limits).outcomes
    assert isinstance(first, Returned) and first.value.tolist() == [0, 2, 4]
    assert isinstance(second, TimedOut)


DEVICE = """
import os
import resource
import torch
print("loaded")

def f(x):
    return os.environ.get("CUDA_VISIBLE_DEVICES")

def g(x):
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] == 0

def h(x):
    return resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
"""


@pytest.mark.parametrize("device", ["", "cpu"])
def test_for_a_device_its_driver_gets_what_it_needs(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processor stands for the device: its limits and its environment, not its driver."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,3")
    with PortableSandbox(("numpy", "torch"), device=device) as sandbox:
        execution = execute(sandbox, DEVICE, "f", "g", "h")
    chosen, no_files, addresses = (o.value for o in execution.outcomes)  # type: ignore[union-attr]
    assert (chosen, bool(no_files)) == (("2,3", False) if device else ("", True))
    assert addresses


def test_a_device_that_is_not_there_is_told_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # a GPU that is there is hidden by this
    source = "import os\nos.kill(os.getppid(), 9)\n"  # would end the tests
    told = pytest.raises(NoDevice, match=r"CUDA|NVIDIA")
    with PortableSandbox(("numpy", "torch"), device="cuda") as sandbox, told:
        execute(sandbox, source)


def test_reports_are_those_of_the_other_levels(
    alone: Sandbox, sandbox: Sandbox, built_key: Callable[[str], AnswerKey]
) -> None:
    key = built_key("exercise-1")
    folder = ROOT / "tests" / "submissions" / "exercise_1"
    files = sorted(folder.glob("*.py"))[::6]
    assert len(files) > 5

    def told(report: Report) -> object:
        return report.score, [(c.id, c.points, c.message) for c in report.checks]

    for file in files:
        read = submission.read(file, "exercise-1")
        limits = Limits(cpu_seconds=2, wall_seconds=4)
        assert told(grade(read, key, alone, limits)) == told(grade(read, key, sandbox, limits)), (
            file
        )


@pytest.mark.parametrize(("platform", "level"), [("darwin", 4), ("win32", 5)])
def test_another_system_gets_it_and_is_told(
    platform: str, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is decided by the system's name; the programs are this system's."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(levels, "sandbox_exec", lambda: platform == "darwin")
    found = levels.survey()
    assert (found.level, found.own) == (level, level)
    assert "Linux" in found.missing[0].remedy
    with Sandbox.launch() as sandbox:
        assert isinstance(sandbox, PortableSandbox)
    with pytest.raises(levels.WeakIsolation, match="level 3 is required"):
        Sandbox.launch(required=levels.STRANGERS)


def test_on_macos_the_program_is_inside_sandbox_exec(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A stand-in for sandbox-exec, which exists on macOS alone: it runs what it is given."""
    stand_in = tmp_path / "sandbox-exec"
    stand_in.write_text('#!/bin/sh\n[ "$1" = -p ] && echo "$2" >&2 && shift 2 && exec "$@"\n')
    stand_in.chmod(0o755)
    monkeypatch.setattr(portable, "_SANDBOX_EXEC", str(stand_in))
    monkeypatch.setattr(levels, "sandbox_exec", lambda: True)
    with PortableSandbox() as sandbox:
        execution = execute(sandbox, DOUBLE)
    assert isinstance(execution.outcomes[0], Returned)
    assert execution.isolation == ("level-4", "process", "limits", "sandbox-exec")
    assert "(deny network*)" in execution.stdout and "(deny file-write*)" in execution.stdout
