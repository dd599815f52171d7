"""Messages between supervisor and worker: what is said in, bytes out; and strictly back.

A message is the length of its header (u32), the header (JSON), and raw bytes. It travels in a
frame: magic, the number of the request it belongs to (u64), its length (u64). A message can be
kept in a file and framed when it is sent.

    to the worker     load, call
    to the supervisor ready, loaded, returned, raised, missing, forbidden, memory
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from .tree import Malformed, Node, Opaque, Packer, Unpacker

__all__ = ["Malformed", "Opaque"]

MAX_HEADER: Final = 1 << 20
MAX_MESSAGE: Final = 256 << 20
"""Of ours; what a worker may send is limited per run."""
MAX_DEFINED: Final = 50
MAX_COLUMN: Final = 1000

_FRAME: Final = struct.Struct("<4sQQ")
_MAGIC: Final = b"GRD1"
_LENGTH: Final = struct.Struct("<I")

# By name: a learner who replaces json.dumps spoils nothing here.
_to_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} in a header")


_from_json = json.JSONDecoder(parse_constant=_refuse).decode


class File(NamedTuple):
    """One file of the learner's; several cells where it is a notebook."""

    filename: str
    cells: tuple[str, ...]


class Load(NamedTuple):
    """The submission, and the author's drivers by name."""

    module: str
    main: File
    neighbours: dict[str, File]
    drivers: dict[str, str]


class Call(NamedTuple):
    """One call of a function of the learner's."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    driver: str | None = None
    tensors: bool = False
    """Whether the arrays among the arguments are to be torch tensors."""


class Ready(NamedTuple):
    """The worker is locked down, to these levels; nothing of the learner's has run."""

    isolation: tuple[str, ...]


class Loaded(NamedTuple):
    """The learner's file has run to its end."""


class Value(NamedTuple):
    """What a call returned, and `[args, kwargs]`, a tuple and a dict, as they were afterwards."""

    value: Any
    arguments: Any


class Failure(NamedTuple):
    """An exception, and where in the learner's files it arose."""

    type: str
    message: str
    filename: str | None = None
    line: int | None = None
    cell: int = 1
    column: int | None = None


class Absent(NamedTuple):
    """No such function; what the file defines instead."""

    name: str
    defined: tuple[str, ...]


class Refused(NamedTuple):
    """Use of a package that the exercise does not allow."""

    package: str
    line: int | None


class Exhausted(NamedTuple):
    """The call needed more memory than there is."""


Reply: TypeAlias = Ready | Loaded | Value | Failure | Absent | Refused | Exhausted


# --- messages ------------------------------------------------------------------------------


def pack_load(load: Load) -> bytes:
    texts = [*load.drivers.values(), *load.main.cells]
    header: Node = ["load", load.module, [*load.drivers], _file(load.main)]
    neighbours = []
    for name, file in load.neighbours.items():
        neighbours.append([name, *_file(file)])
        texts += file.cells
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return _message([*header, neighbours, [len(part) for part in parts]], parts)


def unpack_load(message: bytes) -> Load:
    header, body = _split(message)
    _, module, drivers, main, neighbours, lengths = header
    texts = []
    for length in lengths:
        text, body = body[:length], body[length:]
        texts.append(text.decode("utf-8", "surrogatepass"))
    source = iter(texts)

    def file(filename: str, cells: int) -> File:
        return File(filename, tuple(next(source) for _ in range(cells)))

    return Load(
        module=module,
        drivers={name: next(source) for name in drivers},
        main=file(*main),
        neighbours={name: file(*rest) for name, *rest in neighbours},
    )


def pack_call(
    function: str,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    driver: str | None = None,
    tensors: bool = False,
) -> bytes:
    """The message for one call, to be kept or sent; TypeError for an argument that is not data."""
    packer = Packer(MAX_MESSAGE, arguments=True)
    node = packer.pack([tuple(args), dict(kwargs)])
    return _message(["call", function, driver, tensors, node], packer.parts)


def unpack_call(message: bytes) -> Call:
    """The call with fresh, writable arguments, laid out in memory as they were packed; with
    arrays, also where they are to be tensors."""
    header, body = _split(message)
    match header:
        case ["call", str(function), (str() | None) as driver, bool(tensors), node]:
            unpacker = Unpacker(body, native=True)
            match unpacker.unpack(node):
                case [tuple(args), dict(kwargs)]:
                    unpacker.finish()
                    return Call(function, args, kwargs, driver, tensors)
    raise Malformed("call")


def pack_reply(reply: Reply, limit: int) -> bytes:
    """The message for a reply, at most `limit` bytes of data; what does not fit is opaque."""
    match reply:
        case Value(value, arguments):
            packer = Packer(limit - MAX_HEADER)
            nodes = [packer.pack(value), packer.pack(arguments)]
            header, parts = ["returned", *nodes], packer.parts
            if len(_to_json(header)) > MAX_HEADER:
                header, parts = ["returned", ["opaque", "too large to send"], ["none"]], []
            return _message(header, parts)
        case Ready(isolation):
            return _message(["ready", isolation])
        case Loaded():
            return _message(["loaded"])
        case Failure():
            return _message(["raised", *reply])
        case Absent(name, defined):
            return _message(["missing", name, defined[:MAX_DEFINED]])
        case Refused():
            return _message(["forbidden", *reply])
        case Exhausted():
            return _message(["memory"])


def unpack_reply(
    message: bytes,
    *,
    opaque: Callable[[str], Any] = Opaque,
    text: Callable[[str], str] = str,
) -> Reply:
    """The reply as data, or Malformed; all text in it has gone through `text`."""
    header, body = _split(message)
    if header[0] == "returned":
        return _returned(header, Unpacker(body, opaque=opaque, text=text))
    if body:
        raise Malformed("trailing bytes")
    match header:
        case ["ready", list(levels)] if all(type(level) is str for level in levels):
            return Ready(tuple(map(text, levels)))
        case ["loaded"]:
            return Loaded()
        case ["raised", str(kind), str(why), (str() | None) as filename, line, cell, column]:
            named = None if filename is None else text(filename)
            column = _whole(column)
            # Whoever shows it puts so many spaces before a mark.
            shown = column if column is not None and column <= MAX_COLUMN else None
            place = _whole(line), _whole(cell) or 1, shown
            return Failure(text(kind), text(why), named, *place)
        case ["missing", str(name), list(defined)] if len(defined) <= MAX_DEFINED:
            if all(type(item) is str for item in defined):
                return Absent(text(name), tuple(map(text, defined)))
        case ["forbidden", str(package), line]:
            return Refused(text(package), _whole(line))
        case ["memory"]:
            return Exhausted()
    raise Malformed("reply")


def _returned(header: Node, unpacker: Unpacker) -> Value:
    if len(header) != 3:
        raise Malformed("reply")
    value = unpacker.unpack(header[1])
    arguments = unpacker.unpack(header[2])
    unpacker.finish()
    return Value(value, arguments)


def _whole(number: Any) -> int | None:
    """A line, cell or column number, or nothing."""
    if number is None or (type(number) is int and 0 <= number < 10**9):
        return number
    raise Malformed("number")


def _file(file: File) -> Node:
    return [file.filename, len(file.cells)]


def _message(header: Node, parts: list[bytes] | None = None) -> bytes:
    data = _to_json(header).encode("ascii")
    return b"".join([_LENGTH.pack(len(data)), data, *(parts or [])])


def _split(message: bytes) -> tuple[Node, bytes]:
    if len(message) < _LENGTH.size:
        raise Malformed("length")
    (length,) = _LENGTH.unpack_from(message)
    end = _LENGTH.size + length
    if length > MAX_HEADER or end > len(message):
        raise Malformed("length")
    try:
        text = str(message[_LENGTH.size : end], "utf-8")
        header = _from_json(text)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise Malformed("header") from error
    if type(header) is not list or not header or type(header[0]) is not str:
        raise Malformed("header")
    return header, message[end:]


# --- frames --------------------------------------------------------------------------------


def frame(number: int, message: bytes) -> bytes:
    return _FRAME.pack(_MAGIC, number, len(message)) + message


class Frames:
    """Bytes in as they come, frames out as they are complete."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self.buffer += data

    def next(self) -> tuple[int, bytes] | None:
        """The number and message of the next frame, or None while it is incomplete."""
        if len(self.buffer) < _FRAME.size:
            if not _MAGIC.startswith(bytes(self.buffer[: len(_MAGIC)])):
                raise Malformed("magic")
            return None
        magic, number, length = _FRAME.unpack_from(self.buffer)
        if magic != _MAGIC:
            raise Malformed("magic")
        if length > self.limit:
            raise Malformed("length")
        end = _FRAME.size + length
        if len(self.buffer) < end:
            return None
        message = bytes(self.buffer[_FRAME.size : end])
        del self.buffer[:end]
        return number, message


def read_frame(read: Callable[[int], bytes]) -> tuple[int, bytes]:
    """The next frame of a peer that is trusted; `read(n)` gives exactly n bytes."""
    _, number, length = _FRAME.unpack(read(_FRAME.size))
    return number, read(length)
