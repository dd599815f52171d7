"""A tree of arrays, numbers and text in, a JSON node and raw bytes out; and strictly back.

A node is `[kind, ...]`; the bytes of arrays and numbers follow one another in the body, in the
order of the nodes:

    ["array", dtype, shape]             an array or a tensor, C order; with a fourth item, the
                                        memory layout to rebuild (arguments only)
    ["scalar", dtype]                   a NumPy scalar
    ["number", dtype]                   a Python bool, int, float or complex
    ["numbers", dtype, n, "list"|"tuple"]  a flat list of Python ints or of Python floats
    ["text", str]  ["none"]
    ["list", [node]]  ["tuple", [node]]  ["dict", [[key, node]]]
    ["opaque", type name]               anything that is not data

Nothing is evaluated, pickled or taken on trust: reading raises `Malformed` or gives a tree.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

# By name: a learner who replaces numpy.frombuffer spoils nothing here.
from numpy import dtype, empty, frombuffer, generic, ndarray, zeros

from . import tensors

Node: TypeAlias = list[Any]

MAX_DEPTH: Final = 16
MAX_NODES: Final = 20_000
MAX_DIMENSIONS: Final = 8
MAX_TEXT: Final = 10_000
MAX_OBJECTS: Final = 1_000
"""Elements of an array of objects that are sent one by one."""

DTYPES: Final = {
    name: dtype(name)
    for name in (
        *("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"),
        *("<f2", "<f4", "<f8", "<c8", "<c16"),
    )
}
_NUMBERS: Final = ("|b1", "<i8", "<f8", "<c16")
_type_name: Final = vars(type)["__name__"].__get__  # a metaclass cannot answer in its place


class Malformed(Exception):  # noqa: N818 - the name that says it
    """Bytes that are not in the format."""


class Opaque:
    """Stands for something that is not data, where the reader names no class of its own."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and other.type_name == self.type_name

    __hash__ = None  # type: ignore[assignment]  # a value, never a key


class Packer:
    """Turns trees into nodes and collects their bytes.

    As `arguments`, layouts are recorded and what is not data is an error of the author's;
    otherwise it becomes opaque, as does what no longer fits into `budget` bytes.
    """

    def __init__(self, budget: int, *, arguments: bool = False) -> None:
        self.parts: list[bytes] = []
        self.budget = budget
        self.nodes = 1
        self.arguments = arguments

    def pack(self, value: Any, depth: int = 0) -> Node:
        # What decides is the type itself: `__class__`, `__len__`, `__iter__`, `__array__` and
        # the like belong to the learner, and may lie or never end.
        kind = type(value)
        if value is None:
            return ["none"]
        if issubclass(kind, str):
            text = str.__str__(value)
            return ["text", text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"]
        if issubclass(kind, generic):
            return self._array("scalar", generic.__array__(value), value)
        if issubclass(kind, ndarray):
            return self._array("array", ndarray.view(value, ndarray), value, depth)
        if issubclass(kind, bool | int | float | complex):
            return self._number(kind, value)
        if tensors.is_tensor(kind) and not self.arguments:
            return self._tensor(value)
        if issubclass(kind, list):
            return self._sequence("list", list.__getitem__(value, slice(None)), value, depth)
        if issubclass(kind, tuple):
            return self._sequence("tuple", tuple.__getitem__(value, slice(None)), value, depth)
        if issubclass(kind, dict):
            return self._dict(value, depth)
        return self._opaque(value)

    def _opaque(self, value: Any, note: str = "") -> Node:
        name = str(_type_name(type(value))) + note
        if self.arguments:
            raise TypeError(f"cannot be sent as an argument: {name}")
        return ["opaque", name[:200]]

    def _send(self, data: bytes) -> bool:
        if len(data) > self.budget:
            return False
        self.budget -= len(data)
        self.parts.append(data)
        return True

    def _number(self, kind: type, value: Any) -> Node:
        if kind is bool:
            return self._packed("|b1", "<?", value)
        if issubclass(kind, complex):
            number = complex.__complex__(value)
            return self._packed("<c16", "<dd", number.real, number.imag)
        if issubclass(kind, float):
            return self._packed("<f8", "<d", float.__float__(value))
        exact = int.__index__(value)
        if -(2**63) <= exact < 2**63:
            return self._packed("<i8", "<q", exact)
        # 2**70, say, is a float64 as well; 2**70 + 1 is none.
        if abs(exact) < 2**1024 - 2**970 and int(float(exact)) == exact:
            return self._packed("<f8", "<d", float(exact))
        return self._opaque(value, " beyond int64")

    def _packed(self, name: str, code: str, *numbers: Any) -> Node:
        if not self._send(struct.pack(code, *numbers)):
            return ["opaque", "number"]
        return ["number", name]

    def _array(self, kind: str, array: Any, value: Any, depth: int = 0) -> Node:
        found: dtype[Any] = array.dtype
        if found.char in "gG":  # long double differs between machines
            found = dtype("<f8" if found.char == "g" else "<c16")
        found = found.newbyteorder("<")
        if found.str == "|O" and array.size <= MAX_OBJECTS and depth < MAX_DEPTH:
            return self.pack(array.tolist(), depth)
        if found.str not in DTYPES or array.ndim > MAX_DIMENSIONS:
            return self._opaque(value, f" of dtype {found.str}")
        if array.size * found.itemsize > self.budget:
            return self._opaque(value, f" of shape {array.shape}, too large to send")
        self._send(array.astype(found, copy=False).tobytes())
        if kind == "scalar":
            return ["scalar", found.str]
        node: Node = ["array", found.str, list(array.shape)]
        if self.arguments and (layout := layout_of(array)):
            node.append(layout)
        return node

    def _tensor(self, value: Any) -> Node:
        array = tensors.array_of(value, self.budget)
        if type(array) is not ndarray:
            return self._opaque(value, str(array))
        return self._array("array", array, value)

    def _sequence(self, kind: str, items: Sequence[Any], value: Any, depth: int) -> Node:
        types = set(map(type, items))
        if types == {float} or types == {int}:
            name, code = ("<f8", "d") if types == {float} else ("<i8", "q")
            try:
                data = struct.pack(f"<{len(items)}{code}", *items)
            except struct.error:  # an int beyond int64: one by one
                data = b""
            fits = kind == "list" or self._reserve(len(items))
            if data and fits and self._send(data):
                return ["numbers", name, len(items), kind]
        if depth >= MAX_DEPTH or not self._reserve(len(items)):
            return self._opaque(value, f" of {len(items)} items")
        return [kind, [self.pack(item, depth + 1) for item in items]]

    def _dict(self, value: Any, depth: int) -> Node:
        items = {}
        for key, item in dict.items(value):
            if not issubclass(type(key), str) or len(text := str.__str__(key)) > 200:
                return self._opaque(value, f" with keys of type {_type_name(type(key))}")
            items[text] = item
        # Fewer, where a class of keys calls equal ones different.
        if depth >= MAX_DEPTH or len(items) < dict.__len__(value) or not self._reserve(len(items)):
            return self._opaque(value, f" of {dict.__len__(value)} items")
        return ["dict", [[key, self.pack(item, depth + 1)] for key, item in items.items()]]

    def _reserve(self, children: int) -> bool:
        if self.nodes + children > MAX_NODES:
            return False
        self.nodes += children
        return True


class Unpacker:
    """Reads nodes and their bytes back, believing nothing.

    `native` gives what was packed: Python numbers, and arrays that are fresh, writable and laid
    out as they were; for the worker, which calls the learner with them. Otherwise every number
    is a 0-d array and a flat list of Python numbers a 1-d array; for the trusted side, which
    also says what stands for an opaque value and how text is made harmless.
    """

    def __init__(
        self,
        body: bytes,
        *,
        native: bool = False,
        opaque: Callable[[str], Any] = Opaque,
        text: Callable[[str], str] = str,
    ) -> None:
        self.body = body
        self.offset = 0
        self.nodes = 1
        self.native = native
        self.opaque = opaque
        self.text = text

    def finish(self) -> None:
        if self.offset != len(self.body):
            raise Malformed("trailing bytes")

    def unpack(self, node: Any, depth: int = 0) -> Any:
        match node:
            case ["none"]:
                return None
            case ["array", str(name), list(shape)]:
                return self._array(name, shape)
            case ["array", str(name), list(shape), list(layout)] if self.native:
                return lay_out(self._array(name, shape), layout)
            case ["scalar", str(name)]:
                array = self._array(name, [])
                return array[()] if self.native else array
            case ["number", str(name)] if name in _NUMBERS:
                array = self._array(name, [])
                return array.item() if self.native else array
            case ["numbers", ("<f8" | "<i8") as name, int(count), ("list" | "tuple") as kind]:
                return self._numbers(name, count, kind)
            case ["text", str(text)] if len(text) <= MAX_TEXT + 1:
                return self.text(text)
            case ["list", list(items)]:
                return self._children(items, depth)
            case ["tuple", list(items)]:
                return tuple(self._children(items, depth))
            case ["dict", list(items)]:
                return self._dict(items, depth)
            case ["opaque", str(name)] if len(name) <= 200:
                return self.opaque(self.text(name))
        raise Malformed("node")

    def _array(self, name: str, shape: list[Any]) -> ndarray[Any, dtype[Any]]:
        found = DTYPES.get(name)
        if found is None:
            raise Malformed("dtype")
        if len(shape) > MAX_DIMENSIONS:
            raise Malformed("dimensions")
        size = 1
        for length in shape:
            if type(length) is not int or not 0 <= length < 2**31:
                raise Malformed("dimension")
            size *= length
        end = self.offset + size * found.itemsize
        if end > len(self.body):
            raise Malformed("array beyond its bytes")
        data = frombuffer(self.body, found, size, self.offset) if size else empty(0, found)
        if name == "|b1" and size and int(data.view("|u1").max()) > 1:
            raise Malformed("bool")
        self.offset = end
        try:  # a length of 0 lets others be as large as they like, up to what NumPy can address
            return data.reshape(shape).copy()
        except ValueError as error:
            raise Malformed("shape") from error

    def _numbers(self, name: str, count: int, kind: str) -> Any:
        array = self._array(name, [count])
        if self.native:
            return array.tolist() if kind == "list" else tuple(array.tolist())
        if kind == "list":
            return array
        self._count(count)
        return tuple(array[index, ...] for index in range(count))

    def _children(self, items: list[Any], depth: int) -> list[Any]:
        if depth >= MAX_DEPTH:
            raise Malformed("depth")
        self._count(len(items))
        return [self.unpack(item, depth + 1) for item in items]

    def _dict(self, items: list[Any], depth: int) -> dict[str, Any]:
        keys, nodes = [], []
        for item in items:
            match item:
                case [str(key), list(node)] if len(key) <= 200:
                    keys.append(self.text(key))
                    nodes.append(node)
                case _:
                    raise Malformed("dict")
        if len(set(keys)) != len(keys):
            raise Malformed("duplicate key")
        return dict(zip(keys, self._children(nodes, depth), strict=True))

    def _count(self, children: int) -> None:
        self.nodes += children
        if self.nodes > MAX_NODES:
            raise Malformed("too many nodes")


# --- memory layout -------------------------------------------------------------------------


def layout_of(array: ndarray[Any, dtype[Any]]) -> Node | None:
    """`[axes from the outermost in memory, reversed axes, axes with gaps]`; None for C order.

    Broadcast and overlapping arrays count as C order: arguments arrive writable.
    """
    if array.flags.c_contiguous:
        return None
    order = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
    gaps = []
    within = beyond = array.itemsize  # of the axes inside: the bytes they span, and up to the next
    for axis in reversed(order):
        if array.shape[axis] == 1:
            continue
        step = abs(array.strides[axis])
        if step < within:
            return None
        if step > beyond:
            gaps.append(axis)
        within += step * (array.shape[axis] - 1)
        beyond = step * array.shape[axis]
    reversed_ = [axis for axis in order if array.strides[axis] < 0]
    return [order, reversed_, gaps]


def lay_out(array: ndarray[Any, dtype[Any]], layout: list[Any]) -> ndarray[Any, dtype[Any]]:
    """The same values in a fresh buffer with such a layout; a gap is an element wide or more."""
    axes = range(array.ndim)
    match layout:
        case [list(order), list(reversed_), list(gaps)]:
            if not all(type(axis) is int for axis in (*order, *reversed_, *gaps)):
                raise Malformed("layout")
            if sorted(order) != [*axes] or not {*reversed_, *gaps} <= {*axes}:
                raise Malformed("layout")
        case _:
            raise Malformed("layout")
    shape = array.shape
    buffer = zeros([shape[axis] * (2 if axis in gaps else 1) for axis in order], array.dtype)
    steps = [(-1 if axis in reversed_ else 1) * (2 if axis in gaps else 1) for axis in axes]
    view = buffer.transpose([order.index(axis) for axis in axes])
    view = view[tuple(slice(None, None, step) for step in steps)]
    view[...] = array
    return view
