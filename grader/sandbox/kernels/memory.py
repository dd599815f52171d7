"""Arrays that notice who reads and writes them, one element at a time.

Two accesses to an element collide where at least one writes, different threads make them, and no
barrier stands between; atomic operations do not collide with one another. Between blocks no
barrier ever stands. Every access has a stamp: the number of the phase, which begins at a barrier
or with a block, times the number of threads, plus the thread. From a stamp one can tell phase,
thread and block, so a few stamps for each element are all that needs remembering.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from .faults import KernelFault, here

_NEVER = -1


class Watch:
    """One launch: which thread of which block is running, and what was noticed."""

    def __init__(
        self,
        indices: Sequence[tuple[int, ...]],
        dimensions: int,
        tolerated: frozenset[str] = frozenset(),
    ) -> None:
        self.indices = indices
        """The index of each thread of a block, by its number."""
        self.threads = len(indices)
        self.dimensions = dimensions
        self.tolerated = tolerated
        """Faults that are noted down, and do not end the launch."""
        self.noted: list[KernelFault] = []
        """What counts only where it spoils the output, the first one first."""
        self.base = 0
        """The stamp of thread 0 in the current phase."""
        self.block_base = 0
        """The first stamp of the current block."""
        self.stamp = 0
        self.thread: tuple[int, ...] = ()
        self.block: tuple[int, ...] = ()
        self.blocks: list[tuple[int, tuple[int, ...]]] = []

    def next_phase(self) -> None:
        self.base += self.threads

    def next_block(self, block: tuple[int, ...]) -> None:
        self.next_phase()
        self.block_base, self.block = self.base, block
        self.blocks.append((self.base, block))

    def run(self, number: int) -> None:
        self.stamp = self.base + number
        self.thread = self.indices[number]

    def thread_of(self, stamp: int) -> list[int]:
        return self.shown(self.indices[stamp % self.threads])

    def block_of(self, stamp: int) -> list[int]:
        return self.shown(next(block for base, block in reversed(self.blocks) if base <= stamp))

    def shown(self, index: tuple[int, ...]) -> list[int]:
        """An index of a thread or block with the dimensions that the launch has."""
        return [*index[: self.dimensions]]

    def report(self, fault: KernelFault) -> None:
        """Raises the fault, or notes it where it is tolerated."""
        if fault.id not in self.tolerated:
            raise fault
        self.noted.append(fault)


def _unknown(cast: Any, watch: Watch) -> Any:
    """NaN, as is all that is computed from it. What a comparison says of it would leave no trace in
    the numbers, so there the fault that is noted counts."""

    def ask(*_: Any) -> Any:
        raise watch.noted[0]

    asked = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__", "__int__")
    return type("Unknown", (cast,), dict.fromkeys(asked, ask) | {"__hash__": None})(np.nan)


class Memory:
    """The elements behind an array and the views of it."""

    def __init__(self, watch: Watch, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]):
        self.watch = watch
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.size = int(np.prod(shape, dtype=np.int64))
        self.cast: Any = dtype.type
        self.poison = _unknown(self.cast, watch) if dtype.kind == "f" else self.cast(0)
        self.values: list[Any] = [self.poison] * self.size
        """What nobody has written is NaN, and so is all that is computed from it."""

    def read(self, place: int) -> Any:
        raise NotImplementedError

    def write(self, place: int, value: Any) -> None:
        raise NotImplementedError

    def index(self, place: int) -> list[int]:
        return [int(i) for i in np.unravel_index(place, self.shape)]

    def fault(self, id_: str, place: int, **params: Any) -> KernelFault:
        watch = self.watch
        place_of = {"array": self.name, "index": self.index(place), **params}
        if id_ != "race-between-blocks":
            place_of["block"] = watch.shown(watch.block)
        if not id_.startswith("race"):
            place_of["thread"] = watch.shown(watch.thread)
        return KernelFault(id_, here(), **place_of)

    def read_unwritten(self, place: int) -> None:
        """Whoever does not use what was there may read it: a thread outside of the output, say.
        An integer cannot tell whether it is used."""
        noted = self.watch.noted
        if self.dtype.kind != "f":
            raise self.fault("uninitialised", place)
        if not noted:
            noted.append(self.fault("uninitialised", place))


class Input(Memory):
    """Memory that is only to be read. Nothing can collide, so nobody is remembered."""

    reads = 0
    """How often an element has been read, all threads and elements together."""

    def read(self, place: int) -> Any:
        self.reads += 1
        return self.values[place]

    def write(self, place: int, value: Any) -> None:
        raise self.fault("input-written", place)


class Local(Memory):
    """Memory of one thread."""

    def __init__(self, watch: Watch, name: str, dtype: np.dtype[Any], shape: tuple[int, ...]):
        super().__init__(watch, name, dtype, shape)
        self.written = [False] * self.size

    def read(self, place: int) -> Any:
        if not self.written[place]:
            self.read_unwritten(place)
        return self.values[place]

    def write(self, place: int, value: Any) -> None:
        self.written[place] = True
        self.values[place] = self.cast(value)


class Common(Memory):
    """Memory that threads have in common: shared by a block, or global to all of them."""

    never_written = "uninitialised"
    """The fault of updating what nobody has written."""

    def __init__(
        self,
        watch: Watch,
        name: str,
        dtype: np.dtype[Any],
        shape: tuple[int, ...],
        *,
        filled: bool = False,
    ):
        super().__init__(watch, name, dtype, shape)
        self.written = [filled] * self.size
        self.writer = [_NEVER] * self.size
        self.reader = [_NEVER] * self.size
        """The first to read in the phase of the last read."""
        self.other_reader = [_NEVER] * self.size
        """Another one in the same phase."""
        self.atomics = False
        self.atomic = [_NEVER] * self.size
        self.other_atomic = [_NEVER] * self.size
        self.far_reader = [_NEVER] * self.size
        """Somebody of an earlier block."""

    def read(self, place: int) -> Any:
        watch = self.watch
        stamp, base = watch.stamp, watch.base
        writer = self.writer[place]
        # The common cases are told here: a call costs more than what it would find out.
        if writer != stamp and (writer >= base or writer < watch.block_base):
            self._collide(place, writer, "read-after-write")
        if self.atomics:
            self._not_atomic(place)
        if not self.written[place]:
            self.read_unwritten(place)
        reader = self.reader[place]
        if reader < base:
            if _NEVER < reader < watch.block_base:
                self.far_reader[place] = reader
            self.reader[place] = stamp
        elif reader != stamp:
            self.other_reader[place] = stamp
        return self.values[place]

    def write(self, place: int, value: Any) -> None:
        new = self.cast(value)
        if self.writer[place] < self.watch.base or self.values[place] != new:
            self._exclusive(place)
        # Else it is there since the last barrier: whichever thread comes last, it is the same.
        if self.atomics:
            self._not_atomic(place)
        self.writer[place] = self.watch.stamp
        self.written[place] = True
        self.values[place] = new

    def update(self, place: int, new: Callable[[Any], Any]) -> Any:
        """Atomically `new(old)` in the place of old, which is returned."""
        self.atomics = True
        self._exclusive(place)
        if not self.written[place]:
            raise self.fault(self.never_written, place)
        if self.atomic[place] < self.watch.base:
            self.atomic[place] = self.watch.stamp
        elif self.atomic[place] != self.watch.stamp:
            self.other_atomic[place] = self.watch.stamp
        old = self.values[place]
        self.values[place] = self.cast(new(old))
        return old

    def _exclusive(self, place: int) -> None:
        """Nobody else has plainly written or read it since the last barrier."""
        self._collide(place, self.writer[place], "write-after-write")
        for readers in (self.reader, self.other_reader, self.far_reader):
            self._collide(place, readers[place], "write-after-read")

    def _not_atomic(self, place: int) -> None:
        for updates in (self.atomic, self.other_atomic):
            self._collide(place, updates[place], "beside-atomic")

    def _collide(self, place: int, stamp: int, how: str) -> None:
        """A fault where `stamp` is another thread's with no barrier since."""
        watch = self.watch
        if stamp in (_NEVER, watch.stamp):
            return
        if stamp < watch.block_base:
            first, second = watch.block_of(stamp), watch.shown(watch.block)
            raise self.fault("race-between-blocks", place, how=how, first=first, second=second)
        if stamp >= watch.base:
            first, second = watch.thread_of(stamp), watch.shown(watch.thread)
            raise self.fault("race", place, how=how, first=first, second=second)


class Output(Common):
    """Global memory that a kernel is to fill."""

    never_written = "output-read"

    def read_unwritten(self, place: int) -> None:
        raise self.fault(self.never_written, place)

    def unwritten(self) -> list[int]:
        """The places of elements that the kernel has left as they were."""
        return [place for place, written in enumerate(self.written) if not written]


# --- arrays, as a kernel sees them -----------------------------------------------------------


class KernelArray:
    """A view of memory: what indexing and slicing lead to inside a kernel."""

    __slots__ = ("_offset", "_strides", "memory", "shape")

    def __init__(
        self,
        memory: Memory,
        shape: tuple[int, ...] | None = None,
        strides: tuple[int, ...] | None = None,
        offset: int = 0,
    ) -> None:
        self.memory = memory
        self.shape = memory.shape if shape is None else shape
        self._strides = _strides(self.shape) if strides is None else strides
        self._offset = offset

    def __getitem__(self, index: Any) -> Any:
        place = self.place(index, "read")
        if place is None:
            return self._view(index)
        return self.memory.read(place) if place >= 0 else self.memory.poison

    def __setitem__(self, index: Any, value: Any) -> None:
        place = self.place(index, "written")
        if place is None:
            part = self._view(index)
            for inner in range(len(part)):
                part[inner] = value[inner] if hasattr(value, "__getitem__") else value
        elif place >= 0:
            self.memory.write(place, value)

    def place(self, index: Any, how: str) -> int | None:
        """Where in memory the element is; None where the index names more than one, -1 where
        it is outside and that is tolerated."""
        shape = self.shape
        if type(index) is not tuple:
            index = (index,)
        elif len(index) == 2 == len(shape):
            # What kernels do all day, without a loop: a third of the time of a launch.
            i, j = index
            if type(i) is int and type(j) is int and 0 <= i < shape[0] and 0 <= j < shape[1]:
                return self._offset + i * self._strides[0] + j * self._strides[1]
        if len(index) != len(shape):
            return None
        place = self._offset
        for i, length, stride in zip(index, shape, self._strides, strict=True):
            if type(i) is not int:
                if isinstance(i, slice) or i is Ellipsis or i is None:
                    return None
                i = operator.index(i)
            if not 0 <= i < length:
                self._outside(index, how)
                return -1
            place += i * stride
        return place

    def _outside(self, index: tuple[Any, ...], how: str) -> None:
        watch = self.memory.watch
        numbers = [operator.index(i) for i in index]
        fault = KernelFault(
            "negative-index" if min(numbers) < 0 else "out-of-bounds",
            here(),
            array=self.memory.name,
            index=numbers,
            shape=[*self.shape],
            how=how,
            thread=watch.shown(watch.thread),
            block=watch.shown(watch.block),
        )
        watch.report(fault)

    def _view(self, index: Any) -> KernelArray:
        """Rows, columns and slices."""
        index = index if isinstance(index, tuple) else (index,)
        named = [i for i in index if i is not Ellipsis]
        if len(named) > len(self.shape):
            params = {"array": self.memory.name, "count": len(named), "dimensions": self.ndim}
            raise KernelFault("too-many-indices", here(), **params)
        if Ellipsis in index:
            gap = index.index(Ellipsis)
            fill = (slice(None),) * (len(self.shape) - len(named))
            index = (*index[:gap], *fill, *index[gap + 1 :])
        index += (slice(None),) * (len(self.shape) - len(index))
        offset = self._offset
        shape, strides = [], []
        for axis, i in enumerate(index):
            if isinstance(i, slice):
                start, stop, step = i.indices(self.shape[axis])
                offset += start * self._strides[axis]
                shape.append(len(range(start, stop, step)))
                strides.append(step * self._strides[axis])
                continue
            i = operator.index(i)
            if not 0 <= i < self.shape[axis]:
                self._outside((i,), "read")
                i = 0
            offset += i * self._strides[axis]
        return KernelArray(self.memory, tuple(shape), tuple(strides), offset)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.memory.dtype

    @property
    def T(self) -> KernelArray:  # noqa: N802 - NumPy's name
        return KernelArray(self.memory, self.shape[::-1], self._strides[::-1], self._offset)


def _strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """In C order."""
    strides = [1]
    for length in shape[:0:-1]:
        strides.insert(0, strides[0] * length)
    return tuple(strides[: len(shape)])
