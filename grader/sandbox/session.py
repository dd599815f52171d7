"""One worker from its fork to its end: requests in, one at a time, outcomes out.

The worker is not trusted: its clock, its exit status and its frames decide nothing but how its
own call is judged. Nothing it sends is evaluated, and it is never waited for without a deadline.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

from grader.model import GraderError, Killed, Outcome, TimedOut

from . import control
from .connection import Connection
from .inert import inert
from .launch import Zygote
from .outcomes import FLOOD, Ended, of_ending, parse
from .supervisor import Limits
from .wire import MAX_HEADER, Malformed, Reply, frame

_FORK_SECONDS = 30.0
_REAP_SECONDS = 10.0


class Session(Connection):
    """The trusted side's end of one worker; a context manager, whose end is the worker's."""

    def __init__(
        self,
        zygote: Zygote,
        number: int,
        limits: Limits,
        *,
        seconds: float,
        allowance: int,
        notebook: bool,
    ) -> None:
        self._zygote = zygote
        self._number = number
        self._notebook = notebook
        super().__init__(limits, seconds, allowance)
        self._flooded = 0
        self._status: int | None = None
        self._open: set[int] = set()
        self._pidfd = -1
        try:
            self._requests, self._replies, self._prints, self._pidfd = self._fork()
        except BaseException:
            self.close()
            raise
        self.started = time.monotonic()
        self._deadline = self.started + _FORK_SECONDS
        self._poll = select.poll()
        for descriptor in (self._replies, self._prints, self._pidfd):
            self._poll.register(descriptor, select.POLLIN)
        self._poll.register(zygote.control, 0)  # that it hangs up is always reported

    # --- what is asked of it ---------------------------------------------------------------

    def load(self, message: bytes) -> Outcome | None:
        try:
            ready = self._exchange(0, message)
        except (Ended, Malformed) as end:
            with contextlib.suppress(Ended):
                self._drain()
            said = inert(self._output.decode("utf-8", "replace"), 1000)
            raise GraderError(
                f"The sandbox's worker did not start ({of_ending(end)}): {said}"
            ) from None
        return self._loading(ready)

    # --- frames ----------------------------------------------------------------------------

    def _exchange(self, number: int, message: bytes) -> Reply:
        self._receive()
        if self._frames.buffer:
            raise Malformed("unsolicited")
        self._sent = number
        self._unsent = memoryview(frame(number, message))
        self._send()
        return self._hear()

    def _hear(self) -> Reply:
        alive = True
        while True:
            received = self._frames.next()
            if received is not None:
                number, message = received
                if number != self._sent or self._unsent:
                    raise Malformed("unsolicited")
                # Printed before it was sent, so there to be read already.
                self._drain()
                return parse(message)
            if not alive:
                raise Ended(self._cause())
            alive = self._wait()

    def _wait(self) -> bool:
        """Move bytes until there may be a reply; False when the process is over."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Ended(TimedOut(round(self._seconds, 1)))
        ready = {descriptor for descriptor, _ in self._poll.poll(left * 1000 + 1)}
        if self._zygote.control.fileno() in ready:
            raise GraderError(f"The sandbox's zygote ended: {self._zygote.obituary()}")
        if self._prints in ready:
            self._drain()
        if self._requests in ready:
            self._send()
        if self._replies in ready or self._pidfd in ready:
            self._receive()
        return self._pidfd not in ready

    def _send(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[os.write(self._requests, self._unsent) :]
        except BlockingIOError:
            self._poll.register(self._requests, select.POLLOUT)
            return
        except BrokenPipeError:  # it is ending, or has closed the pipe: the process will tell
            self._unsent = memoryview(b"")
        self._ignore(self._requests)

    def _receive(self) -> None:
        try:
            while data := os.read(self._replies, 1 << 20):
                self._frames.feed(data)
                self.received += len(data)
                if self.received > self._allowance:
                    raise Ended(Killed("output"))
                if len(self._frames.buffer) > self._limits.reply_bytes + 2 * MAX_HEADER:
                    raise Malformed("length")
            self._ignore(self._replies)
        except BlockingIOError:
            return

    def _drain(self) -> None:
        try:
            while data := os.read(self._prints, 1 << 16):
                self._flooded += len(data)
                self._output += data[: max(0, self._limits.output_bytes - len(self._output))]
                if self._flooded > FLOOD * self._limits.output_bytes:
                    raise Ended(Killed("output"))
            self._ignore(self._prints)
        except BlockingIOError:
            return

    def _ignore(self, descriptor: int) -> None:
        try:
            self._poll.unregister(descriptor)
        except KeyError:
            return

    # --- its beginning and its end ---------------------------------------------------------

    def _fork(self) -> tuple[int, int, int, int]:
        """Our ends of the pipes, and the worker's pidfd."""
        requests, ours_requests = self._pipe()
        ours_replies, replies = self._pipe()
        ours_prints, prints = self._pipe()
        limits = self._limits
        values = (limits.cpu_seconds, limits.memory_mb << 20, limits.reply_bytes)
        theirs = (requests, replies, prints)
        try:
            control.send(self._zygote.control, (self._number, self._notebook, *values), theirs)
        except OSError:
            raise GraderError(f"The sandbox did not start: {self._zygote.obituary()}") from None
        for descriptor in theirs:
            self._close(descriptor)
        for descriptor in (ours_requests, ours_replies, ours_prints):
            os.set_blocking(descriptor, False)
        # The first answer waits for Python and NumPy to start.
        _, pidfd = self._told(
            "forked", max(self._zygote.ready_by, time.monotonic() + _FORK_SECONDS)
        )
        return ours_requests, ours_replies, ours_prints, pidfd

    def _pipe(self) -> tuple[int, int]:
        pair = os.pipe()
        self._open.update(pair)
        return pair

    def _close(self, descriptor: int) -> None:
        """Exactly once: a second time would close what somebody has opened in between."""
        self._open.remove(descriptor)
        os.close(descriptor)

    def _told(self, what: str, deadline: float) -> tuple[list[float], int]:
        """The zygote's next word on this worker: its values, and a descriptor or -1."""
        poll = select.poll()
        poll.register(self._zygote.control, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000 + 1):
                said = self._zygote.stderr_tail()
                raise GraderError(f"The sandbox's zygote does not answer: {said}")
            try:
                (said, number, *values), descriptors = control.receive(self._zygote.control)
            except OSError:
                obituary = self._zygote.obituary()
                raise GraderError(f"The sandbox did not start: {obituary}") from None
            if number == self._number:
                self._open.update(descriptors)
                if said == what:
                    return values, descriptors[0] if descriptors else -1
            else:  # of a session that was interrupted
                for descriptor in descriptors:
                    os.close(descriptor)

    def _reap(self) -> int:
        """The exit status of the worker, which is or will be over."""
        if self._status is None:
            (status, cpu), _ = self._told("reaped", time.monotonic() + _REAP_SECONDS)
            self._status, self.cpu_seconds = int(status), cpu
        return self._status

    def _cause(self) -> Outcome:
        """Why a process ended that nobody had told to."""
        status = self._reap()
        if not os.WIFSIGNALED(status):
            return Killed("exited", str(os.waitstatus_to_exitcode(status)))
        number = os.WTERMSIG(status)
        late = self.cpu_seconds >= self._limits.cpu_seconds
        if number == signal.SIGXCPU or (number == signal.SIGKILL and late):
            return TimedOut(self._limits.cpu_seconds)
        return Killed("signal", _signal_name(number))

    def close(self) -> None:
        """End the worker; its processor time and last words are known afterwards."""
        try:
            if self._pidfd >= 0 and not self._zygote.gone:
                if self._status is None:
                    # It may be over and waited for, and the zygote's word of it on its way.
                    with contextlib.suppress(ProcessLookupError):
                        signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                    self._reap()
                with contextlib.suppress(Ended):
                    self._drain()
        finally:
            self._pidfd = -1
            while self._open:
                os.close(self._open.pop())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
