"""A worker as it is talked to, however its bytes travel: requests in, outcomes out."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Self

from grader.model import GraderError, Outcome

from .outcomes import Ended, of_calling, of_ending, of_loading
from .supervisor import Limits
from .wire import MAX_HEADER, Frames, Malformed, Ready, Reply


class Connection(ABC):
    """The trusted side's end of one worker; a context manager, whose end is the worker's."""

    def __init__(self, limits: Limits, seconds: float, allowance: int) -> None:
        self._limits = limits
        self._seconds = seconds
        self._allowance = allowance
        self._frames = Frames(limits.reply_bytes + MAX_HEADER)
        self._sent = -1
        self._output = bytearray()
        self._loaded_at = 0
        self._deadline = 0.0
        self.isolation: tuple[str, ...] = ()
        self.started = 0.0
        """When the learner's time began to count."""
        self.cpu_seconds = 0.0
        """Of processor time, once it is over; 0 where that is not measured."""
        self.received = 0
        """Bytes of replies."""
        self.ended: Outcome | None = None
        """Why the worker is over, once it is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """End the worker."""

    @abstractmethod
    def load(self, message: bytes) -> Outcome | None:
        """Have the submission loaded: None, or why it did not load."""

    def call(self, message: bytes) -> Outcome:
        """The outcome of one call; `ended` tells whether another can follow."""
        try:
            reply = self._exchange(self._sent + 1, message)
            return of_calling(reply, self._limits.memory_mb)
        except (Ended, Malformed) as end:
            self.ended = of_ending(end)
            return self.ended

    def printed(self, *, while_loading: bool) -> bytes:
        """What was printed, up to the limit; with or without what loading printed."""
        return bytes(self._output if while_loading else self._output[self._loaded_at :])

    @abstractmethod
    def _exchange(self, number: int, message: bytes) -> Reply:
        """The reply to a request; raises Ended or Malformed."""

    @abstractmethod
    def _hear(self) -> Reply:
        """Wait for the reply to what was sent last; raises Ended or Malformed."""

    def _loading(self, ready: Reply) -> Outcome | None:
        """What became of loading, which begins once the worker has said that it is ready."""
        if not isinstance(ready, Ready):
            raise GraderError(f"The sandbox's worker did not start: {ready}")
        self.isolation = ready.isolation
        # The learner's time begins here: what went before was ours, on whatever machine.
        self.started = time.monotonic()
        self._deadline = self.started + self._seconds
        try:
            outcome = of_loading(self._hear(), self._limits.memory_mb)
        except (Ended, Malformed) as end:
            self.ended = outcome = of_ending(end)
        self._loaded_at = len(self._output)
        return outcome
