"""The sandbox where there is no Linux, or where a GPU is to be used: a fresh process for every
worker, for trusted submissions.

Levels 4 and 5: on macOS inside `sandbox-exec`, which takes away the network and writing files;
elsewhere a process with a clean environment, limits where the system has them, and deadlines.
What holds a worker on Linux has no room for a GPU's driver, its files and its threads.
Frames, parser, outcomes and limits on what comes back are those of every other level.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from grader.model import GraderError, Killed, Outcome, OutOfMemory, TimedOut

from . import levels
from .alone import NO_DEVICE
from .connection import Connection
from .inert import inert
from .launch import ENVIRONMENT, FOLDER, site_folders, start_up_seconds
from .outcomes import FLOOD, Ended, of_ending, parse
from .packages import require
from .supervisor import Limits, NoDevice, Sandbox
from .wire import MAX_HEADER, Malformed, Reply, frame

_BOOT = """
import sys
package = type(sys)("_sandbox")
package.__path__ = [sys.argv[1]]
sys.modules["_sandbox"] = package
from _sandbox.alone import main
main(sys.argv[2])
"""
_CHOOSING = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_MPS_PIPE_DIRECTORY")
"""Which GPU the user has chosen, of several, and who shares it out."""
_SANDBOX_EXEC = "/usr/bin/sandbox-exec"
_PROFILE = '(version 1)(allow default)(deny network*)(deny file-write*)(allow file-write* (literal "/dev/null"))'  # noqa: E501 - one argument


class PortableSandbox(Sandbox):
    """As `Sandbox`, without a zygote: every worker is a program started anew.

    With `device`, as torch names it, that is set up before the submission is loaded; `execute`
    raises NoDevice where it cannot be.
    """

    def __init__(self, packages: Sequence[str] = ("numpy",), *, device: str = "") -> None:
        self._packages = [*dict.fromkeys(["numpy", *packages])]
        self._device = device
        require(self._packages, site_folders())

    def close(self) -> None:
        """Nothing is kept between submissions."""

    def _session(
        self, limits: Limits, seconds: float, allowance: int, notebook: bool
    ) -> PortableSession:
        return PortableSession(self._packages, limits, seconds, allowance, self._device)


class PortableSession(Connection):
    """The trusted side's end of one such worker; what `session.Session` is elsewhere."""

    def __init__(
        self,
        packages: Sequence[str],
        limits: Limits,
        seconds: float,
        allowance: int,
        device: str = "",
    ) -> None:
        super().__init__(limits, seconds, allowance)
        self._printed = 0
        self._news: queue.Queue[tuple[str, bytes]] = queue.Queue(64)
        self._over: set[str] = set()
        self.started = time.monotonic()
        self._deadline = self.started + start_up_seconds(packages)
        self._process = _start(packages, limits, device)
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name, stream in (("reply", self._process.stdout), ("print", self._process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    # --- what is asked of it ---------------------------------------------------------------

    def load(self, message: bytes) -> Outcome | None:
        try:
            ready = self._exchange(0, message)
        except (Ended, Malformed) as end:
            self.close()
            said = inert(self._output.decode("utf-8", "replace"), 1000)
            if of_ending(end) == Killed("exited", str(NO_DEVICE)):
                raise NoDevice(said.strip()) from None
            raise GraderError(f"The worker did not start ({of_ending(end)}): {said}") from None
        return self._loading(ready)

    def close(self) -> None:
        """End the worker and whatever it has started in its session."""
        if self._process.poll() is None:
            self._kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what could not be written any more
            self._process.stdin.close()  # type: ignore[union-attr]  # it was started with pipes
        deadline = time.monotonic() + 1
        while len(self._over) < 2 and time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty, Ended, Malformed):
                self._take(self._news.get(timeout=0.05))
        for reader, stream in zip(
            self._readers, (self._process.stdout, self._process.stderr), strict=True
        ):
            if not reader.is_alive() and stream is not None:
                stream.close()

    # --- frames ----------------------------------------------------------------------------

    def _exchange(self, number: int, message: bytes) -> Reply:
        with contextlib.suppress(queue.Empty):
            while True:
                self._take(self._news.get_nowait())
        if self._frames.buffer:
            raise Malformed("unsolicited")
        self._sent = number
        # On a thread: a worker that does not read must not stop us from reading.
        data = frame(number, message)
        threading.Thread(target=self._write, args=(data,), daemon=True).start()
        return self._hear()

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it is ending; the process will tell
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _hear(self) -> Reply:
        while True:
            received = self._frames.next()
            if received is not None:
                number, message = received
                if number != self._sent:
                    raise Malformed("unsolicited")
                return parse(message)
            if "reply" in self._over:
                raise Ended(self._cause())
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise Ended(TimedOut(round(self._seconds, 1)))
            with contextlib.suppress(queue.Empty):
                self._take(self._news.get(timeout=left))

    def _take(self, news: tuple[str, bytes]) -> None:
        kind, data = news
        if not data:
            self._over.add(kind)
        elif kind == "print":
            self._printed += len(data)
            self._output += data[: max(0, self._limits.output_bytes - len(self._output))]
            if self._printed > FLOOD * self._limits.output_bytes:
                raise Ended(Killed("output"))
        else:
            self._frames.feed(data)
            self.received += len(data)
            if self.received > self._allowance:
                raise Ended(Killed("output"))
            if len(self._frames.buffer) > self._limits.reply_bytes + 2 * MAX_HEADER:
                raise Malformed("length")

    def _read(self, kind: str, stream: Any) -> None:
        """On a thread of its own; the queue is bounded, so a flood waits in the pipe."""
        with contextlib.suppress(OSError, ValueError):
            while data := stream.read1(1 << 16):
                self._news.put((kind, data))
        self._news.put((kind, b""))

    # --- its end ---------------------------------------------------------------------------

    def _cause(self) -> Outcome:
        """Why a process ended, or closed its replies, that nobody had told to."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return Killed("protocol", "closed")
        late = time.monotonic() - self.started >= self._limits.cpu_seconds
        if status == -getattr(signal, "SIGXCPU", 0) or (status == -9 and late):
            return TimedOut(self._limits.cpu_seconds)
        if status == -9:
            return OutOfMemory(self._limits.memory_mb)
        return Killed("signal", str(-status)) if status < 0 else Killed("exited", str(status))

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


def _start(packages: Sequence[str], limits: Limits, device: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-S", "-s", "-P", "-X", "utf8", "-c", _BOOT, FOLDER]
    names = [f"level-{levels.NOTHING}", "process", "limits"]
    if levels.sandbox_exec():
        program = [_SANDBOX_EXEC, "-p", _PROFILE, *program]
        names = [f"level-{levels.MACOS}", "process", "limits", "sandbox-exec"]
    values = [str(limits.cpu_seconds), str(limits.reply_bytes)]
    words = (packages, site_folders(), names, values, [device])
    environment = dict(ENVIRONMENT)
    if device:
        del environment["CUDA_VISIBLE_DEVICES"]
    # The first two: without them some Pythons do not start.
    for name in ("LD_LIBRARY_PATH", "SYSTEMROOT", *(_CHOOSING if device else ())):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.Popen(
        [*program, "\n".join("\t".join(line) for line in words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
