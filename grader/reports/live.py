"""What is shown while a class is graded: counts in, a display that moves or lines that do not out,
on standard error."""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, Self

from grader.model import Message
from grader.reports.words import catalogue, render

_SHOWN = 5
"""Kinds of failure."""
_EVERY = 10.0
"""Seconds between two plain lines."""
_WINDOW = 30.0
"""Seconds over which the rate is taken."""


class Tally:
    """How far a batch has come."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = self.kept = self.passed = self.errors = 0
        self.kinds: Counter[str] = Counter()
        self.started = time.monotonic()
        self._recent: deque[tuple[float, int]] = deque([(self.started, 0)])

    def add(self, status: str, kind: str | None, *, fresh: bool) -> None:
        """One more; `fresh` where it was graded just now, not before."""
        self.done += 1
        self.kept += not fresh
        self.passed += status == "passed"
        self.errors += status == "error"
        if kind is not None:
            self.kinds[_in_words(kind)] += 1
        now = time.monotonic()
        if now > self._recent[-1][0] + 0.5:
            self._recent.append((now, self.done - self.kept))
            while self._recent[0][0] < now - _WINDOW:
                self._recent.popleft()

    @property
    def rate(self) -> float:
        """Submissions a second, lately; 0 where that is not known yet."""
        then, before = self._recent[0]
        seconds = time.monotonic() - then
        return (self.done - self.kept - before) / seconds if seconds > 0.2 else 0.0

    def line(self) -> str:
        """All of it in a sentence."""
        rate = self.rate
        left = duration((self.total - self.done) / rate) if rate else "?"
        failures = ", ".join(f"{kind}: {count}" for kind, count in self.kinds.most_common(_SHOWN))
        told = render(Message("batch.failures", {"failures": failures})) if failures else ""
        return render(
            Message(
                "batch.progress",
                {
                    "done": self.done,
                    "total": self.total,
                    "rate": f"{rate:.1f}/s",
                    "left": left,
                    "passed": self.passed,
                    "failures": told,
                },
            )
        )

    def summary(self) -> str:
        """What there is to say at the end."""
        params = {
            "done": self.done,
            "total": self.total,
            "kept": self.kept,
            "time": duration(time.monotonic() - self.started),
            "passed": self.passed,
            "failed": self.done - self.passed - self.errors,
            "errors": self.errors,
        }
        text = render(Message("batch.finished", params))
        return f"{text} {render(Message('batch.errors'))}" if self.errors else text


@lru_cache(maxsize=1000)
def _in_words(kind: str) -> str:
    """A message id as what it is called for short; of a misconception, its name."""
    group, dot, _ = kind.partition(".")
    if not dot:
        return kind.replace("-", " ")
    short = next(id_ for id_ in (f"kind.{kind}", f"kind.{group}") if id_ in catalogue())
    return render(Message(short))


def duration(seconds: float) -> str:
    """`41 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Display(AbstractContextManager["Display"]):
    """Shows nothing."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally

    def add(self, status: str, kind: str | None, *, fresh: bool) -> None:
        self.tally.add(status, kind, fresh=fresh)

    def wait(self, left: float | None) -> None:
        """There are no workers, and one may come for `left` seconds more; None: there are some."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        return None


class Lines(Display):
    """A line now and then, for a log."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self._next = tally.started + _EVERY
        self._waits = False

    def add(self, status: str, kind: str | None, *, fresh: bool) -> None:
        super().add(status, kind, fresh=fresh)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            print(self.tally.line(), file=sys.stderr, flush=True)

    def wait(self, left: float | None) -> None:
        if left is not None and not self._waits:
            print(_waiting(left), file=sys.stderr, flush=True)
        self._waits = left is not None


class Live(Display):
    """A bar and the counts, in place."""

    def __init__(self, tally: Tally, console: Any) -> None:
        super().__init__(tally)
        self._left: float | None = None
        from rich.live import Live

        self._live = Live(
            console=console,
            get_renderable=self._shown,
            refresh_per_second=4,
            transient=True,
            redirect_stdout=False,  # documents go there, and not where this display is
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, *exception: object) -> None:
        self._live.stop()

    def wait(self, left: float | None) -> None:
        self._left = left

    def _shown(self) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        shown = Table.grid(expand=True)
        shown.add_row(ProgressBar(total=max(1, self.tally.total), completed=self.tally.done))
        # Text, not markup: nothing in it is a command to the terminal.
        shown.add_row(Text(self.tally.line()))
        if (left := self._left) is not None:
            shown.add_row(Text(_waiting(left)))
        return shown


def _waiting(left: float) -> str:
    return render(Message("cluster.waiting", {"time": duration(left)}))


def display(total: int, *, quiet: bool, moving: bool = True) -> Display:
    """What suits standard error: a moving display on a terminal, lines elsewhere."""
    tally = Tally(total)
    if quiet:
        return Display(tally)
    from rich.console import Console

    console = Console(stderr=True)
    return Live(tally, console) if moving and console.is_terminal else Lines(tally)
