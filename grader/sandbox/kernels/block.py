"""The threads of a block, one after the other: each runs until a barrier, then the next.

Threads are greenlets, so that they take turns where we say and nowhere else. On a GPU any order
may happen: a kernel that holds gives the same in each of them.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NamedTuple

from greenlet import greenlet

from .faults import KernelFault, here
from .memory import KernelArray, Memory, Watch

ORDERS = ("forward", "reverse", "shuffled")

Site = tuple[tuple[Any, int], ...]
"""Where a thread waits: code and instruction of every call on the way from the kernel."""


class Dim3(NamedTuple):
    x: int
    y: int
    z: int


class Thread:
    """One thread of a block, at work or at a barrier."""

    def __init__(self, number: int, index: tuple[int, ...], block: Block, work: Any) -> None:
        self.number = number
        self.index = Dim3(*index)
        self.block = block
        self.greenlet = greenlet(work)
        self.site: Site = ()
        self.at: tuple[str, int] | None = None
        self.vote: Any = None

    def wait(self, vote: Any = None) -> Sequence[Any]:
        """At a barrier until everybody is there; what each of them voted."""
        self.vote, self.at, self.site = vote, here(), _site()
        hub = self.greenlet.parent
        assert hub is not None
        hub.switch()
        return self.block.votes


class Block:
    """A block of threads, run from its beginning to its end."""

    def __init__(self, watch: Watch, index: tuple[int, ...], grid: Dim3, dimensions: Dim3) -> None:
        self.watch = watch
        self.index = Dim3(*index)
        self.grid = grid
        self.dimensions = dimensions
        self.shared: dict[Any, KernelArray] = {}
        """By the place in the code that asks for it: fresh in every block, one for each place."""
        self.votes: Sequence[Any] = ()

    def run(self, work: Callable[[], None], turns: Callable[[int], Sequence[int]]) -> None:
        """`turns(n)` says in which order n threads have their turn, anew after every barrier."""
        global now
        watch = self.watch
        watch.next_block(tuple(self.index))
        threads = [Thread(number, index, self, work) for number, index in enumerate(watch.indices)]
        live = threads
        try:
            while live:
                for turn in turns(len(live)):
                    now = live[turn]
                    watch.run(now.number)
                    now.greenlet.switch()
                waiting = [thread for thread in live if not thread.greenlet.dead]
                self._agree(waiting, len(threads))
                self.votes = [thread.vote for thread in waiting]
                live = waiting
                watch.next_phase()
        finally:
            now = None

    def _agree(self, waiting: Sequence[Thread], all_: int) -> None:
        """Everybody has ended, or everybody waits at the same barrier."""
        if not waiting:
            return
        first, block = waiting[0], self.watch.shown(self.index)
        if len(waiting) < all_:
            counts = {"ended": all_ - len(waiting), "waiting": len(waiting)}
            raise KernelFault("barrier-ended", first.at, block=block, **counts)
        for other in waiting:
            if other.site != first.site:
                params = {
                    "other": other.at[1] if other.at else 0,
                    "first": self.watch.shown(first.index),
                    "second": self.watch.shown(other.index),
                }
                raise KernelFault("barrier-mismatch", first.at, block=block, **params)


now: Thread | None = None
"""The thread whose turn it is."""


def shared_array(make: Callable[[str], Memory], key: Any, name: str) -> KernelArray:
    """The array of the running block for that place in the code."""
    assert now is not None
    arrays = now.block.shared
    if key not in arrays:
        arrays[key] = KernelArray(make(name))
    return arrays[key]


def turns(order: str, seed: int = 0) -> Callable[[int], Sequence[int]]:
    """One of ORDERS, for threads and for blocks."""
    rng = random.Random(seed)

    def take(count: int) -> Sequence[int]:
        match order:
            case "forward":
                return range(count)
            case "reverse":
                return range(count)[::-1]
        return rng.sample(range(count), count)

    return take


def _site() -> Site:
    """The calls from the kernel down to the barrier."""
    found = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:  # a greenlet's calls end where it began
        found.append((frame.f_code, frame.f_lasti))
        frame = frame.f_back
    return tuple(found)
