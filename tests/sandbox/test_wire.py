"""The format: what goes in comes out, and what is not in the format is refused as malformed."""

from __future__ import annotations

import enum
import json
import struct
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox import tree, wire
from grader.sandbox.wire import (
    Absent,
    Exhausted,
    Failure,
    File,
    Frames,
    Load,
    Loaded,
    Malformed,
    Opaque,
    Ready,
    Refused,
    Value,
    frame,
    pack_call,
    pack_load,
    pack_reply,
    unpack_call,
    unpack_load,
    unpack_reply,
)

LIMIT = 16 << 20
NAMES = sorted(tree.DTYPES)

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

arrays = st.sampled_from(NAMES).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
numbers = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.complex_numbers(),
)
leaves = st.one_of(
    arrays,
    numbers,
    st.none(),
    st.text(max_size=20),
    arrays.map(lambda array: array.flat[0] if array.size else np.float32(1)),
    st.lists(st.floats()),
    st.lists(st.integers(-(2**70), 2**70)).filter(lambda items: all(abs(i) < 2**63 for i in items)),
)
trees = st.recursive(
    leaves,
    lambda children: st.one_of(
        st.lists(children, max_size=4),
        st.lists(children, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=8), children, max_size=4),
    ),
    max_leaves=12,
)


def steps(array: np.ndarray) -> st.SearchStrategy[np.ndarray]:
    """Views of an array: transposed, reversed, with gaps."""
    slices = st.tuples(*[st.sampled_from((1, -1, 2, -2, 3)) for _ in range(array.ndim)])
    return st.tuples(slices, st.permutations(range(array.ndim))).map(
        lambda how: array[tuple(slice(None, None, s) for s in how[0])].transpose(how[1])
    )


def same(a: Any, b: Any) -> bool:
    """The same values, of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float | complex):
        return np.array(a).tobytes() == np.array(b).tobytes()
    return bool(a == b)


def as_data(value: Any) -> Any:
    """What the trusted side makes of a value."""
    if isinstance(value, bool | int | float | complex | np.generic):
        return np.array(value)
    if isinstance(value, list) and value and {*map(type, value)} in ({int}, {float}):
        return np.array(value, "<i8" if type(value[0]) is int else "<f8")
    if isinstance(value, list | tuple):
        return type(value)(map(as_data, value))
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    return value


def returned(value: Any, limit: int = LIMIT) -> Any:
    """A value by way of a reply."""
    reply = unpack_reply(pack_reply(Value(value, None), limit))
    assert isinstance(reply, Value)
    return reply.value


# --- what goes in comes out ----------------------------------------------------------------


@quick
@given(
    st.lists(trees, max_size=3).map(tuple), st.dictionaries(st.text(max_size=5), trees, max_size=2)
)
def test_arguments_arrive_as_they_were(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    call = unpack_call(pack_call("f", args, kwargs, driver="drive"))
    assert (call.function, call.driver) == ("f", "drive")
    assert same(call.args, args) and same(call.kwargs, kwargs)


@quick
@given(arrays.filter(lambda array: array.ndim).flatmap(steps))
def test_arguments_keep_their_memory_layout(array: np.ndarray) -> None:
    (arrived,) = unpack_call(pack_call("f", (array,), {})).args
    assert same(arrived, array)
    assert arrived.flags.writeable and arrived.flags.aligned
    assert arrived.flags.c_contiguous == array.flags.c_contiguous
    assert arrived.flags.f_contiguous == array.flags.f_contiguous
    signs = [step < 0 for step, n in zip(array.strides, array.shape, strict=True) if n > 1]
    arrived_signs = [s < 0 for s, n in zip(arrived.strides, array.shape, strict=True) if n > 1]
    if array.size and not array.flags.c_contiguous:
        assert arrived_signs == signs


@pytest.mark.parametrize(
    "array",
    [np.broadcast_to(1.0, (3, 2)), np.lib.stride_tricks.sliding_window_view(np.arange(5.0), 3)],
)
def test_overlapping_arguments_arrive_writable(array: np.ndarray) -> None:
    (arrived,) = unpack_call(pack_call("f", (array,), {})).args
    assert same(arrived, np.array(array)) and arrived.flags.writeable


@quick
@given(trees)
def test_returned_values_arrive_as_data(value: Any) -> None:
    assert same(returned(value), as_data(value))


def test_arguments_that_are_not_data_are_the_author_s_error() -> None:
    with pytest.raises(TypeError, match="object"):
        pack_call("f", (object(),), {})


def test_a_load_arrives_as_it_was() -> None:
    load = Load(
        module="exercise_1",
        main=File("é.ipynb", ("x = '\ud800'\n", "", "안녕")),
        neighbours={"helper": File("helper.py", ("y = 1",)), "other": File("other.py", ("",))},
        drivers={"drive": "def drive(f): ..."},
    )
    assert unpack_load(pack_load(load)) == load


@pytest.mark.parametrize(
    "reply",
    [
        Ready(("process", "seccomp")),
        Loaded(),
        Failure("ValueError", "why", "exercise_1.py", 3, 2, 1),
        Failure("ValueError", ""),
        Absent("f", ("g", "h")),
        Refused("torch", None),
        Exhausted(),
    ],
)
def test_replies_arrive_as_they_were(reply: wire.Reply) -> None:
    assert unpack_reply(pack_reply(reply, LIMIT)) == reply


# --- values that are strange ---------------------------------------------------------------


class Liar(np.ndarray):
    """An array that is equal to everything and shows other contents than it has."""

    def __eq__(self, other: object) -> Any:
        return True

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        return np.zeros(3)

    def __array_finalize__(self, *_: Any) -> None:
        self.lies = True

    def tobytes(self, *_: Any) -> bytes:
        return b""

    def astype(self, *_: Any, **__: Any) -> Any:
        return 1

    dtype = property(lambda self: np.dtype("f4"))  # type: ignore[assignment]
    shape = property(lambda self: (99,))  # type: ignore[assignment]


class LyingFloat(float):
    def __float__(self) -> float:
        return 42.0

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class LyingList(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        while True:
            yield 1.0

    def __len__(self) -> int:
        return 1 << 60


class Pretender:
    @property
    def __class__(self) -> Any:  # type: ignore[override]
        return np.ndarray


Point = namedtuple("Point", "x y")


def test_a_subclass_of_array_yields_its_real_bytes() -> None:
    assert same(returned(np.array([1.0, 2.0]).view(Liar)), np.array([1.0, 2.0]))
    assert same(returned(np.ma.masked_array([1.0, 2.0], [True, False])), np.array([1.0, 2.0]))
    assert same(returned(np.matrix([[1.0]])), np.array([[1.0]]))


def test_subclasses_of_python_types_yield_their_real_values() -> None:
    assert same(returned(LyingFloat(1.5)), np.array(1.5))
    assert same(returned(LyingList([1.0, "a"])), [np.array(1.0), "a"])
    assert same(returned(Point(1, 2.0)), (np.array(1), np.array(2.0)))
    assert same(returned(OrderedDict(a=1)), {"a": np.array(1)})


def test_keys_of_a_class_of_text_are_text() -> None:
    keys = enum.StrEnum("Keys", ["w1", "b1"])
    assert returned({keys.w1: None, np.str_("b1"): None}) == {"w1": None, "b1": None}
    assert [type(key) for key in returned({np.str_("b1"): None})] == [str]


class OneOfMany(str):
    """Equal to nothing, so that a dict holds it many times."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        ({OneOfMany("a"): 1, OneOfMany("a"): 2}, "dict of 2 items"),
        (Pretender(), "Pretender"),
        (iter([1]), "list_iterator"),
        (LyingList, "type"),
        (np.array(["a"]), "ndarray of dtype <U1"),
        (np.zeros(2, "M8[s]"), "ndarray of dtype <M8[s]"),
        (np.zeros(2, "f4,f4"), "ndarray of dtype |V8"),
        (np.zeros(1001, object), "ndarray of dtype |O"),
        ({1: 2}, "dict with keys of type int"),
        (2**70 + 1, "int beyond int64"),
        (np.zeros((3, 1 << 20)), "ndarray of shape (3, 1048576), too large to send"),
        (np.broadcast_to(1.0, (1 << 37,)), "ndarray of shape (137438953472,), too large to send"),
        ([None] * 30_000, "list of 30000 items"),
        (b"bytes", "bytes"),
    ],
)
def test_what_is_not_data_is_opaque(value: Any, type_name: str) -> None:
    assert returned(value, 4 << 20) == Opaque(type_name)


def test_other_numbers_are_what_they_are_worth() -> None:
    assert same(returned(2**70), np.array(2.0**70))
    assert same(returned(np.array([1, 2], ">i4")), np.array([1, 2], "<i4"))
    assert same(returned(np.longdouble(0.5)), np.array(0.5))
    assert same(returned(np.array([1.0, None, [2]], object)), [np.array(1.0), None, np.array([2])])
    assert same(returned([1, 2.5]), [np.array(1), np.array(2.5)])
    assert same(returned([True, False]), [np.array(True), np.array(False)])


def test_depth_and_text_are_cut() -> None:
    recursive: list[Any] = []
    recursive.append(recursive)
    value, depth = returned(recursive), 0
    while isinstance(value, list):
        (value,) = value
        depth += 1
    assert (value, depth) == (Opaque("list of 1 items"), tree.MAX_DEPTH)
    assert len(returned("a" * 1_000_000)) == tree.MAX_TEXT + 1


def test_a_header_that_grows_too_large_is_given_up() -> None:
    value = ["\U0001f600" * 9000] * 40
    assert returned(value) == Opaque("too large to send")


# --- what is not in the format -------------------------------------------------------------


def message(header: Any, body: bytes = b"") -> bytes:
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(data)) + data + body


NOTHING = ["none"]
DEEP: list[Any] = ["none"]
for _ in range(20):
    DEEP = ["list", [DEEP]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        struct.pack("<I", 1 << 31) + b"{}",
        message(b"\xff\xfe"),
        message(b"[" * 60_000),
        message(b"1" * 60_000),
        message(b'["returned", NaN, Infinity]'),
        message({"returned": 1}),
        message([]),
        message([["returned"]]),
        message(["verdict", "passed"]),
        message(["returned"]),
        message(["returned", NOTHING]),
        message(["returned", NOTHING, NOTHING], b"trailing"),
        message(["returned", NOTHING, NOTHING, NOTHING]),
        message(["loaded"], b"trailing"),
        message(["loaded", 1]),
        message(["raised", 1, "", None, None, 1, None]),
        message(["raised", "E", "", None, -1, 1, None]),
        message(["raised", "E", "", None, True, 1, None]),
        message(["raised", "E", "", None, 1e9, 1, None]),
        message(["missing", "f", [1]]),
        message(["missing", "f", ["g"] * 1000]),
        message(["forbidden", None, None]),
        message(["ready", [1]]),
        *(
            message(["returned", node, NOTHING], body)
            for node, body in [
                (["array", "|O", [1]], bytes(8)),
                (["array", ">f8", [1]], bytes(8)),
                (["array", "<U4", [1]], bytes(16)),
                (["array", "float64", [1]], bytes(8)),
                (["array", ["<f8"], [1]], bytes(8)),
                (["array", "<f8", [2]], bytes(8)),
                (["array", "<f8", [-1]], bytes(8)),
                (["array", "<f8", [True]], bytes(8)),
                (["array", "<f8", [1.0]], bytes(8)),
                (["array", "<f8", ["1"]], bytes(8)),
                (["array", "<f8", [1] * 9], bytes(8)),
                (["array", "<f8", [4294967296, 4294967296]], bytes(8)),
                (["array", "<f8", [2**31 - 1] * 3 + [0]], b""),
                (["array", "<f8", 1], bytes(8)),
                (["array", "<f8", [2, 2], [[1, 0], [], []]], bytes(32)),
                (["array", "|b1", [1]], b"\xff"),
                (["number", "|b1"], b"\x02"),
                (["number", "<f4"], bytes(4)),
                (["numbers", "<f8", -1, "list"], b""),
                (["numbers", "<f8", 1, "set"], bytes(8)),
                (["numbers", "<f4", 1, "list"], bytes(4)),
                (["numbers", "<i8", 30_000, "tuple"], bytes(240_000)),
                (["text", "a" * 20_000], b""),
                (["text", 1], b""),
                (["dict", [["a", NOTHING], ["a", NOTHING]]], b""),
                (["dict", [[1, NOTHING]]], b""),
                (["dict", {"a": NOTHING}], b""),
                (["list", NOTHING], b""),
                (["list", [NOTHING] * 30_000], b""),
                (["opaque", "a" * 1000], b""),
                (["none", 1], b""),
                (["object", "os.system"], b""),
                (DEEP, b""),
                (None, b""),
            ]
        ),
    ],
    ids=lambda data: repr(data[4:60]),
)
def test_malformed_replies_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        unpack_reply(data)


@pytest.mark.parametrize(
    "layout", [[], [[0]], [[0, 1], [], [5]], [[0, 0], [], []], [[0, 1], ["a"], []], [1, 2, 3]]
)
def test_malformed_layouts_are_refused(layout: Any) -> None:
    call = ["list", [["tuple", [["array", "<f8", [2, 2], layout]]], ["dict", []]]]
    with pytest.raises(Malformed):
        unpack_call(message(["call", "f", None, False, call], bytes(32)))


@quick
@given(st.binary(max_size=200))
def test_random_bytes_are_malformed(data: bytes) -> None:
    for attempt in (data, message(data), message(["returned", NOTHING, NOTHING], data)):
        try:
            unpack_reply(attempt)
        except Malformed:
            continue


@quick
@given(trees, st.data())
def test_mutated_replies_are_malformed_or_data(value: Any, data: st.DataObject) -> None:
    packed = bytearray(pack_reply(Value(value, [(value,), {}]), LIMIT))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(packed) - 1))
        match data.draw(st.sampled_from(["set", "cut", "insert"])):
            case "set":
                packed[at] = data.draw(st.integers(0, 255))
            case "cut":
                del packed[at : at + data.draw(st.integers(1, 9))]
                packed = packed or bytearray(1)
            case "insert":
                packed[at:at] = data.draw(st.binary(max_size=9))
    try:
        reply = unpack_reply(bytes(packed))
    except Malformed:
        return
    assert isinstance(reply, wire.Reply)


# --- frames --------------------------------------------------------------------------------


@quick
@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), st.binary(max_size=50))), st.integers(1, 30))
def test_frames_arrive_however_they_are_cut(sent: list[tuple[int, bytes]], size: int) -> None:
    data = b"".join(frame(number, body) for number, body in sent)
    frames, received = Frames(1000), []
    for start in range(0, len(data), size):
        frames.feed(data[start : start + size])
        while (arrived := frames.next()) is not None:
            received.append(arrived)
    assert received == sent and not frames.buffer


@pytest.mark.parametrize("data", [b"X", b"GRD2" + bytes(16), b"GRD1" + bytes(8) + b"\xff" * 8])
def test_what_is_no_frame_is_refused_at_once(data: bytes) -> None:
    frames = Frames(1000)
    frames.feed(data)
    with pytest.raises(Malformed):
        frames.next()


@quick
@given(st.binary(max_size=100))
def test_random_frames_are_malformed_or_incomplete(data: bytes) -> None:
    frames = Frames(1000)
    frames.feed(data)
    try:
        while frames.next() is not None:
            pass
    except Malformed:
        return
