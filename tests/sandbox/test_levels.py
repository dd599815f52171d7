"""Which level a machine gives, what is said about it, and what `--require-isolation` refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable
from pathlib import Path

import needs
import pytest

from grader import cli, doctor
from grader.model import GraderError, Message, Raised, Returned
from grader.reports.words import render
from grader.sandbox import bubblewrap, landlock, levels, packages, seccomp
from grader.sandbox.launch import launch
from grader.sandbox.supervisor import Limits, Sandbox

from .conftest import execute

DOUBLE = "def f(x):\n    return 2 * x\n"
HERE = levels.survey()
needs_bubblewrap = pytest.mark.usefixtures("level_1")
needs_landlock = pytest.mark.skipif(HERE.own > 2, reason=f"level 2 is not offered: {HERE}")


@pytest.fixture
def level_1() -> None:
    needs.isolation(1)


@pytest.mark.parametrize(
    ("mechanisms", "level"),
    [("bls", 1), ("ls", 2), ("bs", 3), ("s", 3), ("bl", 5), ("l", 5), ("b", 5), ("", 5)],
)
def test_a_level_is_what_works_together(mechanisms: str, level: int) -> None:
    b, ll, s = (letter in mechanisms for letter in "bls")
    assert levels.level(bubblewrap=b, landlock=ll, seccomp=s) == level


@needs_bubblewrap
def test_strangers_get_the_strongest_and_a_learner_the_quickest() -> None:
    with Sandbox.launch(strangers=True) as sandbox:
        strangers = execute(sandbox, DOUBLE)
    with Sandbox.launch() as sandbox:
        own = execute(sandbox, DOUBLE)
    assert strangers.isolation[0] == "level-1" and "bubblewrap" in strangers.isolation
    assert own.isolation[0] == "level-2" and "bubblewrap" not in own.isolation


@needs_bubblewrap
def test_what_bubblewrap_leaves_in_sight() -> None:
    look = """
import os
def f(x):
    seen = [p for p in {paths!r} if os.path.lexists(p)]
    return seen + [n for n in range(1, 100) if os.path.exists(f'/proc/{{n}}')][3:]
"""
    root = Path(__file__).parents[2]
    paths = ["/home", "/tmp", "/var", "/etc/passwd", "/sys", "/dev/shm", "/bin/sh", "/usr/bin/env"]
    paths += [str(root / "grader" / "model.py"), str(root / "solutions"), str(root / "tests")]
    # A folder above what is granted is there, empty but for the way to it.
    granted = (root, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    paths = [p for p in paths if not any(g.is_relative_to(p) for g in granted)]
    site = Path(packages.__file__).parents[2]
    paths += [str(site / "pytest"), str(Path(pytest.__file__).parent)]
    with Sandbox.launch(strangers=True) as sandbox:
        (outcome,) = execute(sandbox, look.format(paths=paths)).outcomes
    assert isinstance(outcome, Returned) and list(outcome.value) == []


@needs_landlock
def test_what_is_required_is_reached_or_nothing_runs() -> None:
    options = ["without-landlock", "without-bubblewrap"]
    weak = Sandbox(launch(required=2, options=options))
    with weak, pytest.raises(GraderError, match="level 2 is required"):
        execute(weak, DOUBLE)
    with Sandbox(launch(required=3, options=options)) as sandbox:
        assert execute(sandbox, DOUBLE).isolation[0] == "level-3"
    with Sandbox(launch(required=2)) as sandbox:
        assert execute(sandbox, DOUBLE).isolation[0] == "level-2"


def test_a_failing_step_ends_the_worker_before_the_file_runs(tmp_path: Path) -> None:
    import shutil

    from grader.sandbox import launch as launching

    for step in ("landlock.apply(policy", "policy.seccomp.apply(os", "_drop_capabilities()\n"):
        folder = tmp_path / str(abs(hash(step))) / "sandbox"
        shutil.copytree(Path(launching.FOLDER), folder)
        source = (folder / "lockdown.py").read_text()
        assert step in source
        (folder / "lockdown.py").write_text(source.replace(step, f"raise OSError; {step}", 1))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(launching, "FOLDER", str(folder))
            with Sandbox.launch() as sandbox, pytest.raises(GraderError, match="did not start"):
                execute(sandbox, "import os; os._exit(0)")


# --- what is said --------------------------------------------------------------------------


def pretend(monkeypatch: pytest.MonkeyPatch, *, error: int = 38, said: str | None = None) -> None:
    """A kernel without Landlock, and a bubblewrap that fails."""
    monkeypatch.setattr(landlock, "probe", lambda: (0, error))
    monkeypatch.setattr(bubblewrap, "failure", lambda: said)


@pytest.mark.parametrize(("error", "word"), [(38, "5.13"), (95, "lsm="), (1, "container")])
def test_why_there_is_no_landlock(monkeypatch: pytest.MonkeyPatch, error: int, word: str) -> None:
    pretend(monkeypatch, error=error)
    found = levels.survey()
    assert found.level == 3 and [m.name for m in found.missing] == ["landlock"]
    assert word in found.missing[0].remedy
    said = levels.refusal(2)
    assert said and "level 2 is required" in said and "\n" not in said and word in said
    assert levels.refusal(3) is None


def test_why_there_is_no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    (missing,) = (m for m in levels.survey().missing if m.name == "bubblewrap")
    assert missing.why == "not installed" and "apt install bubblewrap" in missing.remedy
    monkeypatch.setattr(bubblewrap, "failure", lambda: "not allowed here (setting up uid map)")
    monkeypatch.setattr(levels, "_restricted", lambda: True)
    (missing,) = (m for m in levels.survey().missing if m.name == "bubblewrap")
    assert "apparmor_restrict_unprivileged_userns" in missing.remedy


def test_a_bubblewrap_that_may_not_start_costs_its_level_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert "Permission denied" in (bubblewrap.failure() or "")
    with Sandbox.launch(strangers=True) as sandbox:
        assert execute(sandbox, DOUBLE).isolation[0] == f"level-{HERE.own}"


def test_a_machine_without_a_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "available", lambda: False)
    found = levels.survey()
    assert found.level == 5 and found.missing[-1].name == "seccomp"


def test_elsewhere_than_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert levels.survey().level == 5 and "WSL" in levels.survey().missing[0].remedy


def test_doctor_says_level_and_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _said(doctor.findings())
    assert found["level"].startswith(str(HERE.level))
    monkeypatch.setenv("PATH", "/nonexistent")
    found = _said(doctor.findings())
    assert found["level"].startswith(str(HERE.own)) and "apt install" in found["no bubblewrap"]
    assert ("own file" in found) == (HERE.own > int(found["level"][0]))


def _said(findings: Iterable[tuple[str, str | Message]]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else render(value) for name, value in findings}


@needs_landlock
def test_require_isolation_refuses_with_3_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    mine = tmp_path / "exercise_1.py"
    mine.write_text("raise SystemExit")
    words = ["exercise-1", str(mine), "--require-isolation"]
    assert cli.run([*words, "1"]) == 3
    out, error = capsys.readouterr()
    assert out == "" and error.strip().splitlines()[-1].startswith("grade: Nothing was run.")
    assert "apt install bubblewrap" in error
    assert cli.run([*words, "2", "--json"]) == 1
    assert '"level-2"' in capsys.readouterr().out
    assert cli.run([*words, "9"]) == 2


# --- profiles ------------------------------------------------------------------------------


def test_what_torch_brings_along() -> None:
    assert packages.needed(["numpy"]) == ["numpy"]
    assert packages.needed(["numpy", "torch"])[:2] == ["numpy", "torch"]
    assert {"sympy", "mpmath", "torchgen"} <= {*packages.needed(["torch"])}


@pytest.mark.parametrize("strangers", [False, True])
def test_torch_trains_in_a_worker(strangers: bool) -> None:
    train = """
import torch
def f(x):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    data = torch.utils.data.TensorDataset(torch.tensor(x, dtype=torch.float32).repeat(4, 1))
    for _ in range(3):
        for (batch,) in torch.utils.data.DataLoader(data, batch_size=2, shuffle=True):
            optimizer.zero_grad()
            loss = (net(batch) ** 2).mean()
            loss.backward()
            optimizer.step()
    return loss.item()
def g(x):
    import sympy
    return sympy.symbols("x")
def h(x):
    return len(__import__("os").listdir("/proc/self/task"))
"""
    with Sandbox.launch(("torch",), strangers=strangers) as sandbox:
        start = time.monotonic()
        trained, symbolic, _ = execute(sandbox, train, "f", "g", "h", limits=Limits()).outcomes
        execute(sandbox, train, limits=Limits())
        assert time.monotonic() - start < 60
    assert isinstance(trained, Returned) and float(trained.value) >= 0
    assert type(symbolic).__name__ == "Forbidden"


def test_a_numpy_profile_has_no_torch() -> None:
    with Sandbox.launch() as sandbox:
        source = "import importlib\ndef f(x): return importlib.__import__('torch')"
        (outcome,) = execute(sandbox, source).outcomes
    assert isinstance(outcome, Raised) and outcome.type == "ModuleNotFoundError"


# --- the end -------------------------------------------------------------------------------


@pytest.mark.parametrize("strangers", [False, True])
@pytest.mark.parametrize("moment", ["running", "waiting", "forking"])
def test_one_second_after_the_grader_is_killed_nothing_is_left(
    tmp_path: Path, moment: str, strangers: bool
) -> None:
    if strangers:
        needs.isolation(1)
    script = tmp_path / "supervisor.py"
    body = {"running": "while True: pass", "waiting": "__import__('time').sleep(99)"}
    body["forking"] = "return 1"
    script.write_text(
        textwrap.dedent(
            f"""
            from grader.model import Source, Submission
            from grader.sandbox.supervisor import Request, Sandbox
            from grader.sandbox.wire import pack_call

            sandbox = Sandbox.launch(strangers={strangers})
            submission = Submission("e", Source("e.py", ("def f():\\n {body[moment]}",)))
            sandbox.execute(submission, [])
            print("ready", flush=True)
            while True:
                sandbox.execute(submission, [Request("f", pack_call("f", (), {{}}))])
            """
        )
    )
    mark = f"GRADER_TEST_{os.getpid()}_{moment}_{strangers}"
    folder = tmp_path / mark
    folder.mkdir()  # a folder for packages, so it stands in the zygote's command line
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(folder)])}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment
    ) as supervisor:
        assert supervisor.stdout and supervisor.stdout.readline() == b"ready\n"
        time.sleep(0.3)
        before = marked(mark)
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()
        time.sleep(1)
        # Beside the zygote a worker, most of the time, and two of bubblewrap's.
        assert len(before) >= (1 if moment == "forking" else 2) + 2 * strangers
        assert marked(mark) == []


def marked(mark: str) -> list[str]:
    """Processes, dead ones aside, with `mark` in their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state = (path / "stat").read_text().rpartition(")")[2].split()[0]
            if state not in "ZX" and mark.encode() in (path / "cmdline").read_bytes():
                found.append(path.name)
        except OSError:
            continue
    return found
