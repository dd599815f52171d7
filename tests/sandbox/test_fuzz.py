"""Whatever a worker writes, the supervisor gets data or `Malformed`, soon, and nothing else.

corpus/ keeps streams that were worth keeping, one a file, as bytes; what finds a fault goes
there. HYPOTHESIS_PROFILE=explore looks further.
"""

from __future__ import annotations

import json
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.model import Killed, NotRun, Opaque, Outcome, Raised
from grader.sandbox import outcomes
from grader.sandbox.supervisor import Limits, Sandbox
from grader.sandbox.wire import MAX_HEADER, Frames, Malformed, Value, frame, pack_reply

from .conftest import execute

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.bin"))
LIMIT = 1 << 20


def heard(stream: bytes, size: int = 1 << 16) -> list[Outcome | str | None]:
    """What the supervisor makes of a stream that arrives in pieces of `size`."""
    frames = Frames(LIMIT + MAX_HEADER)
    found: list[Outcome | str | None] = []
    try:
        for start in range(0, len(stream), size):
            frames.feed(stream[start : start + size])
            while (received := frames.next()) is not None:
                reply = outcomes.parse(received[1])
                for judge in (outcomes.of_calling, outcomes.of_loading):
                    try:
                        found.append(judge(reply, 1))
                    except Malformed:
                        found.append("unexpected")
    except Malformed:
        found.append("malformed")
    return found


def check_inert(value: Any, depth: int = 0) -> None:
    """Only arrays of base types and harmless text come through."""
    assert depth < 40
    match value:
        case None | bool() | int() | float():
            return
        case str():
            assert all(c.isprintable() or c in "\n\t" for c in value)
        case np.ndarray():
            assert type(value) is np.ndarray and not value.dtype.hasobject
        case Opaque(name):
            check_inert(name)
        case list() | tuple():
            for item in value:
                check_inert(item, depth + 1)
        case dict():
            for key, item in value.items():
                check_inert(key)
                check_inert(item, depth + 1)
        case _:
            check_inert(vars(value), depth + 1)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_the_corpus(path: Path) -> None:
    start = time.perf_counter()
    whole = heard(path.read_bytes())
    assert time.perf_counter() - start < 3
    check_inert(whole)
    if len(path.read_bytes()) < 5000:
        check_inert(heard(path.read_bytes(), size=1))


def test_no_place_is_far_away() -> None:
    (raised, _) = heard((Path(__file__).parent / "corpus" / "column_huge.bin").read_bytes())
    assert isinstance(raised, Raised) and raised.line == 1 and raised.column is None


def test_there_is_a_corpus() -> None:
    assert len(CORPUS) >= 30


words = st.sampled_from(
    ["returned", "raised", "missing", "forbidden", "memory", "ready", "loaded", "none", "array",
     "scalar", "number", "numbers", "text", "list", "tuple", "dict", "opaque", "<f8", "|b1", "|O",
     "<i8", "<c16", "\x1b[2J", "\u202e", "\ud800", "", "x" * 300]
)  # fmt: skip
atoms = st.one_of(
    words, st.none(), st.booleans(), st.integers(-3, 9), st.integers(), st.floats(allow_nan=True)
)
nodes = st.recursive(atoms, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@given(words, st.lists(nodes, max_size=6), st.binary(max_size=40), st.integers(0, 2**64 - 1))
def test_headers_of_every_kind(kind: str, rest: list[Any], body: bytes, number: int) -> None:
    header = json.dumps([kind, *rest]).encode()
    message = struct.pack("<I", len(header)) + header + body
    check_inert(heard(frame(number, message)))


@given(st.data())
def test_a_changed_byte_is_data_or_malformed(data: st.DataObject) -> None:
    value = Value([1.5, {"a": np.arange(6.0).reshape(2, 3)}, ("é", None, True)], None)
    stream = bytearray(frame(0, pack_reply(value, LIMIT + MAX_HEADER)))
    for _ in range(data.draw(st.integers(1, 3))):
        stream[data.draw(st.integers(0, len(stream) - 1))] = data.draw(st.integers(0, 255))
    check_inert(heard(bytes(stream), data.draw(st.integers(1, 50))))


@settings(max_examples=25)
@given(st.binary(max_size=60), st.integers(0, 3), st.booleans())
@example(b"", 0, True)
def test_a_worker_that_writes_anything_is_a_failed_case(
    sandbox: Sandbox, data: bytes, number: int, framed: bool
) -> None:
    stream = frame(number, data) if framed else data
    source = f"import os, time\ndef f(x):\n    os.write(4, {stream!r})\n    return x\n"
    (outcome,) = execute(sandbox, source, limits=Limits(wall_seconds=5)).outcomes
    check_inert(outcome)
    if stream:
        assert isinstance(outcome, Killed | NotRun)
