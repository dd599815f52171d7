"""Each rule of the lock-down alone: what it stops where no other rule does.

Landlock and seccomp forbid much twice; here one of them, or both, is left out. `mutation.py`
takes each rule out of the source, one by one, and expects a test of these to fail.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from grader.model import Raised, Returned, Source, Submission
from grader.sandbox import landlock
from grader.sandbox.launch import launch
from grader.sandbox.supervisor import Limits, Request, Sandbox
from grader.sandbox.wire import pack_call

LIMITS = Limits(cpu_seconds=2.5, wall_seconds=10, memory_mb=300)
LANDLOCK, SECCOMP = "without-seccomp", "without-landlock"  # what is left
needs_landlock = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")

Evaluate = Callable[..., object]


@pytest.fixture(scope="module")
def evaluate() -> Iterator[Evaluate]:
    """Runs code in a worker under the given options; what its `f()` returns."""
    open_: dict[tuple[str, ...], Sandbox] = {}

    def evaluate(body: str, *options: str) -> object:
        if options not in open_:
            open_[options] = Sandbox(launch(options=options))
        code = "import ctypes, errno, fcntl, os, resource, signal, socket, stat\n"
        code += "libc = ctypes.CDLL(None, use_errno=True)\n"
        code += f"def f():\n{textwrap.indent(body, '    ')}\n"
        request = Request("f", pack_call("f", (), {}))
        submission = Submission("e", Source("e.py", (code,)))
        (outcome,) = open_[options].execute(submission, [request], limits=LIMITS).outcomes
        if isinstance(outcome, Raised):
            return f"{outcome.type}: {outcome.message}"
        assert isinstance(outcome, Returned), outcome
        value = outcome.value
        return value.tolist() if isinstance(value, np.ndarray) else value

    yield evaluate
    for sandbox in open_.values():
        sandbox.close()


BARE = (LANDLOCK, SECCOMP)


def test_limits(evaluate: Evaluate) -> None:
    def limit(name: str) -> object:
        return evaluate(f"return [*resource.getrlimit(resource.RLIMIT_{name})]", *BARE)

    assert limit("CPU") == [3, 4]
    for name in ("FSIZE", "CORE", "NPROC", "MEMLOCK", "MSGQUEUE"):
        assert limit(name) == [0, 0], name
    assert limit("NOFILE") == [64, 64]
    soft, hard = limit("AS")  # type: ignore[misc]
    assert soft == hard and 300 << 20 < soft < 2 << 30


def test_memory_is_limited_above_what_there_is(evaluate: Evaluate) -> None:
    body = "import mmap\nm = mmap.mmap(-1, {} << 20)\nreturn 1"
    assert evaluate(body.format(200), *BARE) == 1
    assert "OSError" in str(evaluate(body.format(400), *BARE))


def test_privileges(evaluate: Evaluate) -> None:
    body = "return open('/proc/self/status').read()"
    status = str(evaluate(body, *BARE))
    fields = dict(line.split(":\t", 1) for line in status.split("\n") if ":\t" in line)
    assert fields["NoNewPrivs"] == "1"
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(fields[name], 16) == 0, name
    if os.getuid() == 0:
        assert int(fields["CapBnd"], 16) == 0
    assert [fields[n] for n in ("SigBlk", "SigCgt")] == ["0" * 16] * 2


def test_the_filter_is_on(evaluate: Evaluate) -> None:
    assert evaluate("return libc.prctl(21, 0, 0, 0, 0)", *BARE) == 0  # PR_GET_SECCOMP
    assert evaluate("return [libc.syscall(41, 1, 1, 0), ctypes.get_errno()]", SECCOMP) == [-1, 1]


def test_the_process_s_own_state(evaluate: Evaluate) -> None:
    get = "p = ctypes.c_int(); libc.prctl(2, ctypes.byref(p), 0, 0, 0); return p.value"
    assert evaluate(get, *BARE) == 9  # PR_GET_PDEATHSIG
    assert evaluate("return libc.prctl(3, 0, 0, 0, 0)", *BARE) == 0  # PR_GET_DUMPABLE
    assert evaluate("return os.getsid(0) == os.getpgid(0) == os.getpid()", *BARE) is True
    assert evaluate("return os.getcwd()") == "/"
    ignored = "return [s for s in range(1, 65) if signal.getsignal(s) == signal.SIG_IGN]"
    assert evaluate(ignored) == [13, 25]


def test_signals_that_the_grader_blocks_are_not_blocked_in_a_worker() -> None:
    blocked = {signal.SIGTERM, signal.SIGXCPU, signal.SIGUSR1}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        sandbox = Sandbox(launch())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    source = "import signal\ndef f(): return len(signal.pthread_sigmask(signal.SIG_BLOCK, ()))\n"
    request = Request("f", pack_call("f", (), {}))
    with sandbox:
        (outcome,) = sandbox.execute(Submission("e", Source("e.py", (source,))), [request]).outcomes
    assert isinstance(outcome, Returned) and outcome.value == 0


@pytest.mark.parametrize("options", [(), (LANDLOCK,), (SECCOMP,), BARE])
def test_no_descriptor_is_left_over(evaluate: Evaluate, options: tuple[str, ...]) -> None:
    body = """
found = []
for number in range(1024):
    try: os.fstat(number)
    except OSError: continue
    found.append(number)
return found"""
    assert evaluate(body, *options) == [0, 1, 2, 3, 4]
    assert evaluate("return os.read(0, 1) == b''", *options) is True


def test_a_worker_whose_parent_is_gone_does_not_start() -> None:
    script = "from grader.sandbox import lockdown; lockdown.detach(2**22 + 5); print('on')"
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


# --- Landlock alone ------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where everybody may do everything, but for Landlock."""
    for path in (tmp_path / "a" / "empty", tmp_path / "b"):
        path.mkdir(parents=True)
        path.chmod(0o777)
    (tmp_path / "a").chmod(0o777)
    (tmp_path / "a" / "file").write_text("s3cr3t")
    (tmp_path / "a" / "file").chmod(0o777)
    for above in tmp_path.parents:
        if str(above).startswith("/tmp/"):
            above.chmod(above.stat().st_mode | 0o111)
    return tmp_path


ACTS = {
    "run": "os.execv('/bin/echo', ['echo'])",
    "write": "os.close(os.open('a/file', os.O_WRONLY))",
    "read": "open('a/file').read()",
    "list": "os.listdir('a')",
    "remove a folder": "os.rmdir('a/empty')",
    "remove a file": "os.unlink('a/file')",
    "make a device": "os.mknod('a/new', stat.S_IFCHR)",
    "make a folder": "os.mkdir('a/new')",
    "make a file": "os.open('a/new', os.O_CREAT | os.O_EXCL)",
    "make a socket": "os.mknod('a/new', stat.S_IFSOCK)",
    "make a pipe": "os.mkfifo('a/new')",
    "make a link": "os.symlink('x', 'a/new')",
    "move": "os.rename('a/file', 'b/file')",
    "link": "os.link('a/file', 'b/file')",
}
NEWER = {"cut off": ("os.truncate('a/file', 0)", 3)}


@needs_landlock
@pytest.mark.parametrize("version", range(1, landlock.abi() + 1))
def test_landlock_of_every_version_forbids_files(
    evaluate: Evaluate, folder: Path, version: int
) -> None:
    acts = [*ACTS.values(), *(act for act, since in NEWER.values() if since <= version)]
    body = f"os.chdir({str(folder)!r})\nthrough = []\n"
    for act in acts:
        body += f"try:\n    {act}\n    through.append({act!r})\n"
        body += "except OSError as e:\n    if e.errno not in (13, 18): through.append(repr(e))\n"
    assert evaluate(body + "return through", LANDLOCK, f"landlock-abi{version}") == []
    assert (folder / "a" / "file").read_text() == "s3cr3t" and (folder / "a" / "empty").is_dir()


@needs_landlock
def test_without_landlock_all_of_that_goes_through(evaluate: Evaluate, folder: Path) -> None:
    """Else the test above would show nothing."""
    for name in ("read", "write", "list", "cut off", "make a pipe", "make a link", "make a socket"):
        act = ACTS.get(name) or NEWER[name][0]
        assert evaluate(f"os.chdir({str(folder)!r})\n{act}\nreturn 1\n", *BARE) == 1, name
        (folder / "a" / "new").unlink(missing_ok=True)


@needs_landlock
@pytest.mark.parametrize("version", range(1, landlock.abi() + 1))
def test_landlock_of_every_version_with_seccomp_holds(
    evaluate: Evaluate, folder: Path, version: int
) -> None:
    body = f"os.chdir({str(folder)!r})\nthrough = []\n"
    acts = [*ACTS.values(), *(act for act, _ in NEWER.values()), "socket.socket()", "os.fork()"]
    for act in [*acts, "os.kill(os.getppid(), 0)"]:
        body += f"try:\n    {act}\n    through.append({act!r})\nexcept OSError: pass\n"
    assert evaluate(body + "return through", f"landlock-abi{version}") == []


def test_what_each_version_takes_away() -> None:
    """Against linux/landlock.h: the rights by number, and the size of the structure."""
    files = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF, 6: 0xFFFF, 7: 0xFFFF, 9: 0xFFFF}
    for version, rights in files.items():
        expected = rights.to_bytes(8, "little")
        expected += (3).to_bytes(8, "little") if version >= 4 else b""
        expected += (3).to_bytes(8, "little") if version >= 6 else b""
        assert landlock.attributes(version) == expected, version


@needs_landlock
@pytest.mark.skipif(landlock.abi() < 5, reason="needs Landlock 5")
def test_landlock_forbids_commands_to_devices(evaluate: Evaluate) -> None:
    body = "fcntl.ioctl(os.open('/dev/zero', os.O_RDONLY), 0x5413, bytes(8))"
    assert "Errno 13" in str(evaluate(body, LANDLOCK))


@needs_landlock
@pytest.mark.skipif(landlock.abi() < 4, reason="needs Landlock 4")
def test_landlock_forbids_tcp(evaluate: Evaluate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"socket.socket().connect(('127.0.0.1', {port}))"
        assert "Errno 13" in str(evaluate(connect, LANDLOCK))
    assert "Errno 13" in str(evaluate("socket.socket().bind(('127.0.0.1', 0))", LANDLOCK))


@needs_landlock
@pytest.mark.skipif(landlock.abi() < 6, reason="needs Landlock 6")
def test_landlock_keeps_to_its_own_processes(evaluate: Evaluate) -> None:
    name = f"\\0grader-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name.replace("\\0", "\0"))
        server.listen()
        connect = f"socket.socket(socket.AF_UNIX).connect('{name}')"
        assert "Errno 1]" in str(evaluate(connect, LANDLOCK))
    assert "Errno 1]" in str(evaluate(f"os.kill({os.getpid()}, 0)", LANDLOCK))


@needs_landlock
def test_what_may_be_read(evaluate: Evaluate) -> None:
    assert evaluate("import json, os; return len(open(os.__file__).read()) > 9", LANDLOCK) is True
    site = Path(np.__file__).parents[1]
    for path in ("grader/model.py", "pytest/__init__.py", "typing_extensions.py"):
        if (site / path).exists():
            assert "Errno 13" in str(evaluate(f"open('{site / path}').read()", LANDLOCK)), path
    assert "Errno 13" in str(evaluate("open('/proc/self/maps').read()", LANDLOCK))
    # Of the Python that a virtual environment stands on, too; and nothing is written to.
    others = [*Path(os.__file__).parent.glob("*-packages/*/__init__.py")]
    for path in [*others[:3], *site.glob("pip/__init__.py")]:
        assert "Errno 13" in str(evaluate(f"open('{path}').read()", LANDLOCK)), path
    write = "import json; os.open(json.__file__, os.O_WRONLY)"
    assert "Errno 13" in str(evaluate(write, LANDLOCK))


# --- seccomp alone -------------------------------------------------------------------------


def test_without_landlock_no_file_is_opened(evaluate: Evaluate) -> None:
    assert "Errno 13" in str(evaluate("open(os.__file__).read()", SECCOMP))
    assert "Errno 13" in str(evaluate("open('/dev/null').read()", SECCOMP))
