"""Processes, descriptors and memory: what is started is ended, and nothing leaks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from grader.model import GraderError, Raised, Returned, Source, Submission
from grader.sandbox import landlock, seccomp
from grader.sandbox.launch import launch
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

from .conftest import Run, execute

DOUBLE = "def f(x):\n    return 2 * x\n"


def alive(pid: int) -> bool:
    """Running, and not just waiting to be reaped by whoever adopted it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition: object, seconds: float = 10) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_launching_imports_nothing_heavy() -> None:
    script = "import sys; from grader.sandbox import launch; print(*sys.modules)"
    command = [sys.executable, "-S", "-c", script]
    root = str(Path(__file__).parents[2])
    loaded = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    heavy = {"numpy", "json", "socket", "subprocess", "dataclasses", "pathlib", "grader.model"}
    assert not heavy & set(loaded.split())


def test_launching_does_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for a Python that starts no earlier than the test lets it."""
    gate, python = tmp_path / "gate", tmp_path / "python"
    os.mkfifo(gate)
    python.write_text(f'#!/bin/sh\nread word < {gate}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    with monkeypatch.context() as patched, ThreadPoolExecutor() as threads:
        patched.setattr(sys, "executable", str(python))
        launching = threads.submit(launch)
        try:
            zygote = launching.result(timeout=60)
        finally:
            gate.write_text("now\n")
    with Sandbox(zygote) as sandbox:
        [outcome] = execute(sandbox, DOUBLE).outcomes
    assert isinstance(outcome, Returned)


def test_closing_ends_the_zygote() -> None:
    with Sandbox.launch() as sandbox:
        execute(sandbox, DOUBLE)
        pid = sandbox._zygote.pid
        assert alive(pid)
    assert not alive(pid)
    sandbox.close()


def test_nothing_is_left_of_an_execution(sandbox: Sandbox, run: Run) -> None:
    hang = "import time\ndef f(x): time.sleep(99)\ndef g(x): return x\n"
    run(DOUBLE)
    before = descriptors()
    for source in (DOUBLE, "1 / 0", "import os; os._exit(0)", "while True: print('A' * 9999)"):
        run(source, "f", "g")
    run(hang, "f", "g", limits=Limits(wall_seconds=0.2))
    assert descriptors() == before
    assert wait_until(lambda: not children(sandbox._zygote.pid))


def test_the_zygote_does_not_grow(sandbox: Sandbox, run: Run) -> None:
    def resident() -> int:
        return int(Path(f"/proc/{sandbox._zygote.pid}/statm").read_text().split()[1])

    for _ in range(5):
        run(DOUBLE)
    before = resident()
    for _ in range(30):
        run(DOUBLE + "y = bytearray(10 << 20)")
    assert resident() - before < 256  # pages: 1 MiB


def test_state_does_not_leak_between_executions(run: Run) -> None:
    leak = """
import builtins, math, os, random, sys
import numpy as np
np.sin = None
np.LEAK = builtins.LEAK = math.LEAK = sys.LEAK = 1
os.environ["LEAK"] = "1"
sys.modules["json"] = None
random.seed(7); np.random.seed(7)
def f(x): return x
"""
    look = """
import builtins, json, math, os, random, sys
import numpy as np
def f(x):
    found = [hasattr(m, "LEAK") for m in (np, builtins, math, sys)]
    return any(found) or "LEAK" in os.environ or np.sin is None or random.random()
"""
    before = run(look).outcomes[0].value  # type: ignore[union-attr]
    assert isinstance(run(leak).outcomes[0], Returned)
    assert run(look).outcomes[0].value == before == pytest.approx(0.844, abs=1e-3)  # type: ignore[union-attr]


def test_every_gpu_is_hidden_from_the_zygote(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyTorch would start a thread for each with the first gradient, and a process with threads
    cannot fork. Whether the driver then hides them is not tested: there is none here."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    with Sandbox.launch() as sandbox:
        source = "import os\ndef f(x): return os.environ.get('CUDA_VISIBLE_DEVICES')"
        [outcome] = execute(sandbox, source).outcomes
    assert isinstance(outcome, Returned) and outcome.value == ""


def test_a_zygote_that_is_killed_is_our_own_fault() -> None:
    with Sandbox.launch() as sandbox:
        execute(sandbox, DOUBLE)
        os.kill(sandbox._zygote.pid, signal.SIGKILL)
        with pytest.raises(GraderError, match="killed"):
            execute(sandbox, DOUBLE)


def test_a_zygote_that_is_killed_while_a_learner_runs_is_our_own_fault() -> None:
    with Sandbox.launch() as sandbox:
        execute(sandbox, DOUBLE)
        kill = f"sleep 0.3; kill -9 {sandbox._zygote.pid}"
        with subprocess.Popen(["/bin/sh", "-c", kill]), pytest.raises(GraderError, match="zygote"):
            execute(sandbox, "import time\ndef f(x): time.sleep(99)")


def test_a_zygote_that_is_slow_costs_the_learner_no_time() -> None:
    with Sandbox.launch() as sandbox:
        execute(sandbox, DOUBLE)
        os.kill(sandbox._zygote.pid, signal.SIGSTOP)
        go_on = f"sleep 0.8; kill -CONT {sandbox._zygote.pid}"
        with subprocess.Popen(["/bin/sh", "-c", go_on]):
            execution = execute(sandbox, DOUBLE, limits=Limits(wall_seconds=0.5))
    assert isinstance(execution.outcomes[0], Returned)


def test_a_zygote_that_does_not_start_says_why() -> None:
    with Sandbox.launch(("nonesuch",)) as sandbox, pytest.raises(GraderError, match="nonesuch"):
        execute(sandbox, DOUBLE)


def test_a_driver_that_does_not_compile_is_our_own_fault(run: Run) -> None:
    with pytest.raises(GraderError, match="SyntaxError"):
        run(DOUBLE, drivers={"drive": "def drive(:"})


def test_nothing_survives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "supervisor.py"
    script.write_text(
        textwrap.dedent(
            """
            from grader.model import Source, Submission
            from grader.sandbox.supervisor import Request, Sandbox
            from grader.sandbox.wire import pack_call

            sandbox = Sandbox.launch()
            source = "def f():\\n while True: pass"
            submission = Submission("e", Source("e.py", (source,)))
            sandbox.execute(submission, [])
            print(sandbox._zygote.pid, flush=True)
            sandbox.execute(submission, [Request("f", pack_call("f", (), {}))])
            """
        )
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as supervisor:
        assert supervisor.stdout
        zygote = int(supervisor.stdout.readline())
        assert wait_until(lambda: children(zygote))
        (worker,) = children(zygote)
        supervisor.kill()
    assert wait_until(lambda: not alive(worker) and not alive(zygote))


def test_ctrl_c_ends_the_worker_and_the_sandbox_goes_on(sandbox: Sandbox, run: Run) -> None:
    run(DOUBLE)
    before = descriptors()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            run("import time\ndef f(x): time.sleep(99)")
    finally:
        signal.signal(signal.SIGALRM, previous)
    assert wait_until(lambda: not children(sandbox._zygote.pid))
    assert descriptors() == before
    assert isinstance(run(DOUBLE).outcomes[0], Returned)


def test_a_submission_right_after_the_start() -> None:
    """Before anything was preloaded that a learner may need besides NumPy."""
    source = "import numpy as np\ndef f(x): return np.random.rand(), np.fft.fft(x)"
    with Sandbox.launch() as sandbox:
        assert isinstance(execute(sandbox, source).outcomes[0], Returned)
        execution = execute(sandbox, ["%cd x", "def f(x): return x"])
        assert isinstance(execution.outcomes[0], Returned)


def test_large_arguments_and_replies(sandbox: Sandbox) -> None:
    x = np.arange(500_000.0)
    execution = execute(sandbox, DOUBLE, ("f", x), ("f", x), limits=Limits())
    for outcome in execution.outcomes:
        assert isinstance(outcome, Returned) and np.array_equal(outcome.value, 2 * x)


def test_hundreds_of_calls(sandbox: Sandbox) -> None:
    requests = [Request("f", pack_call("f", (n,), {})) for n in range(300)]
    submission = Submission("exercise-1", Source("exercise_1.py", (DOUBLE,)))
    outcomes = sandbox.execute(submission, requests).outcomes
    assert [int(outcome.value) for outcome in outcomes] == [2 * n for n in range(300)]  # type: ignore[union-attr]


# --- kernels that lack something -----------------------------------------------------------

READ = "def f(x): return open('/etc/passwd').read()\n"
FORK = "import os\ndef g(x):\n    if not os.fork(): os._exit(0)\n    return x\n"


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
@pytest.mark.skipif(not seccomp.available(), reason="this kernel has no seccomp")
@pytest.mark.parametrize("without", [(), ("landlock",), ("seccomp",), ("landlock", "seccomp")])
def test_the_levels_reached_are_reported(without: tuple[str, ...]) -> None:
    with Sandbox(launch(options=[f"without-{name}" for name in without])) as sandbox:
        source = (
            "import json, fractions\nimport numpy as np\n" + READ + FORK + "def h(x): return x\n"
        )
        execution = execute(sandbox, source, "f", "g", "h")
    levels = {level.partition("-")[0] for level in execution.isolation[1:]}
    assert levels == {"process", "rlimits", "no", "capabilities", "landlock", "seccomp"} - {
        *without
    }
    read, forked, returned = execution.outcomes
    assert isinstance(returned, Returned)
    if len(without) < 2:  # without Landlock, seccomp lets no file be opened at all
        assert isinstance(read, Raised) and read.type == "PermissionError"
    if "seccomp" not in without:
        assert isinstance(forked, Raised) and forked.type == "BlockingIOError"


def test_a_child_that_escaped_seccomp_is_ended_with_its_parent() -> None:
    if os.getuid():
        pytest.skip("RLIMIT_NPROC lets nobody but root fork")
    source = "import os, time\ndef f(x):\n    if not os.fork(): time.sleep(99)\n"
    source += "    return os.getpid()\n"
    with Sandbox(launch(options=["without-seccomp"])) as sandbox:
        (outcome,) = execute(sandbox, source).outcomes
        assert isinstance(outcome, Returned)
        # Whoever adopted it, it is of the worker's session still.
        assert wait_until(lambda: not of_session(int(outcome.value)))


def of_session(number: int) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session, *_ = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(session) == number and state not in "ZX":
            found.append(path.parent.name)
    return found
