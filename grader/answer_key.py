"""An answer key: what is right, as plain arrays, and where it rests between runs.

A key is a `.npz` file in the user's cache folder, named by a hash of everything that made
it: the exercise, the oracles, the seed, the versions of the libraries. It is written to a
temporary file and renamed, so that a killed or concurrent build leaves no half of a key; a
file that does not read back whole is built again. Reading one takes NumPy alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from grader import curriculum, whole
from grader.model import Array, Tier, Tree
from grader.trees import is_leaf

_FORMAT = 1
_BUILT_WITH = ("numpy", "sympy", "mpmath", "torch")
_MADE_BY = (
    "model.py",
    "trees.py",
    "answer_key.py",
    "build_key.py",
    "compare.py",  # misconceptions are proven with it
    "sandbox/wire.py",  # requests are stored as they are sent
    "sandbox/tree.py",
    "oracles",
)


@dataclass(frozen=True)
class WrongAnswer:
    """What one misconception gives in one case."""

    values: Tree
    tolerances: Tree
    share: float = 1.0
    """The share of entries by which it is recognised."""


@dataclass(frozen=True)
class KeyedCase:
    """A call, ready to be sent, and what it must lead to."""

    id: str
    function: str
    call: str
    """The call as a person reads it."""
    request: bytes
    """The call as the worker reads it."""
    expected: Tree
    exact: Tree
    """Absolute tolerances, shaped like `expected`, for arithmetic in float64."""
    single: Tree
    """Absolute tolerances for arithmetic in float32."""
    wrong: Mapping[str, WrongAnswer]
    """By id of the misconception."""
    part: str = ""

    @property
    def subject(self) -> str:
        """What is judged together: the function, or the part of it that the case is about."""
        return f"{self.function} {self.part}" if self.part else self.function


@dataclass(frozen=True)
class KeyedCheck:
    id: str
    title: str
    points: float
    tier: Tier
    of: str | None
    share: float
    cases: tuple[KeyedCase, ...]
    on_gpu: bool = False


@dataclass(frozen=True)
class AnswerKey:
    """Everything that grading one exercise needs."""

    exercise: str
    title: str
    seed: int
    packages: tuple[str, ...]
    signatures: Mapping[str, str]
    drivers: Mapping[str, str]
    misconceptions: Mapping[str, str]
    """What to tell a learner, by id."""
    checks: tuple[KeyedCheck, ...]
    versions: Mapping[str, str]


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Installed versions of what builds keys, read off directory names: asking
    importlib.metadata costs more than loading a key."""
    found: dict[str, str] = {}
    pattern = re.compile(rf"({'|'.join(_BUILT_WITH)})-([^-]+)\.dist-info")
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for path in Path(folder or ".").iterdir():
                if (match := pattern.fullmatch(path.name)) and match[1] not in found:
                    found[match[1]] = match[2]
    return dict(sorted(found.items()))


def content_hash(exercise: str, seed: int) -> str:
    """Names the key: changes with anything that could change an expected value."""
    package = Path(__file__).parent
    files = [curriculum.source_path(exercise)]
    for name in _MADE_BY:
        path = package / name
        files += sorted(path.glob("*.py")) if path.is_dir() else [path]
    digest = hashlib.sha256(json.dumps([_FORMAT, exercise, seed, versions()]).encode())
    for file in files:
        source = file.read_bytes()
        digest.update(f"{file.name} {len(source)}\n".encode())
        digest.update(source)
    return digest.hexdigest()[:32]


def cache_folder() -> Path:
    """`GRADE_CACHE`, or the user's cache folder."""
    if chosen := os.environ.get("GRADE_CACHE"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("grade", appauthor=False))


def get(exercise: str, seed: int, build: Callable[[], AnswerKey]) -> AnswerKey:
    """The key, from the cache, or else what `build` gives, which is put there.

    Raises what `build` raises.
    """
    path = cache_folder() / f"{exercise}-{content_hash(exercise, seed)}.npz"
    key = _read(path)
    if key is None:
        key = build()
        # A cache that cannot be written costs time, not marks.
        with contextlib.suppress(OSError):
            _write(key, path)
    return key


# --- files ------------------------------------------------------------------------------------


class _Numbers:
    """Collects the arrays of many trees into one; a tree becomes [offset, structure]."""

    def __init__(self) -> None:
        self.arrays: list[Array] = []
        self.size = 0

    def add(self, tree: Tree) -> list[Any]:
        return [self.size, self._structure(tree)]

    def _structure(self, tree: Tree) -> Any:
        if isinstance(tree, dict):
            return {"dict": {k: self._structure(v) for k, v in tree.items()}}
        if not is_leaf(tree):
            return {type(tree).__name__: [self._structure(v) for v in tree]}
        if isinstance(tree, str):
            return tree
        array = np.asarray(tree, dtype=np.float64)
        self.arrays.append(array.ravel())
        self.size += array.size
        return list(array.shape)


def _tree(numbers: Array, stored: list[Any]) -> Tree:
    offset, structure = stored
    position = offset

    def rebuild(node: Any) -> Tree:
        nonlocal position
        if isinstance(node, dict):
            [(kind, children)] = node.items()
            if kind == "dict":
                return {k: rebuild(v) for k, v in children.items()}
            items = [rebuild(v) for v in children]
            return tuple(items) if kind == "tuple" else items
        if isinstance(node, str):
            return node
        size = 1
        for n in node:
            size *= n
        array = numbers[position : position + size].reshape(node)
        position += size
        return array

    return rebuild(structure)


def _write(key: AnswerKey, path: Path) -> None:
    numbers, requests = _Numbers(), bytearray()

    def case(c: KeyedCase) -> list[Any]:
        start = len(requests)
        requests.extend(c.request)
        trees = [numbers.add(tree) for tree in (c.expected, c.exact, c.single)]
        wrong = {
            k: [numbers.add(w.values), numbers.add(w.tolerances), w.share]
            for k, w in c.wrong.items()
        }
        return [c.id, c.function, c.call, [start, len(requests)], trees, wrong, c.part]

    index = {
        "exercise": key.exercise,
        "title": key.title,
        "seed": key.seed,
        "packages": key.packages,
        "signatures": dict(key.signatures),
        "drivers": dict(key.drivers),
        "misconceptions": dict(key.misconceptions),
        "versions": dict(key.versions),
        "checks": [
            [*(c.id, c.title, c.points, c.tier, c.of, c.share), [*map(case, c.cases)], c.on_gpu]
            for c in key.checks
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole.file(path) as file:
        np.savez(
            file,
            index=np.frombuffer(json.dumps(index).encode(), dtype=np.uint8),
            numbers=np.concatenate([*numbers.arrays, np.zeros(0)]),
            requests=np.frombuffer(bytes(requests), dtype=np.uint8),
        )


def _read(path: Path) -> AnswerKey | None:
    """The key in `path`, or None where there is none or it is damaged (its checksums say)."""
    try:
        with np.load(path, allow_pickle=False) as file:
            index = json.loads(file["index"].tobytes())
            return _from_file(index, file["numbers"], file["requests"].tobytes())
    except (
        Exception
    ):  # none there, or whatever a damaged file makes of zipfile, zlib, numpy or json
        return None


def _from_file(index: dict[str, Any], numbers: Array, requests: bytes) -> AnswerKey:
    numbers.flags.writeable = False

    def case(stored: list[Any]) -> KeyedCase:
        id_, function, call, (start, end), trees, wrong, part = stored
        expected, exact, single = (_tree(numbers, tree) for tree in trees)
        return KeyedCase(
            id_,
            function,
            call,
            requests[start:end],
            expected,
            exact,
            single,
            {
                k: WrongAnswer(_tree(numbers, v), _tree(numbers, t), share)
                for k, (v, t, share) in wrong.items()
            },
            part,
        )

    checks = tuple(
        KeyedCheck(id_, title, points, Tier(tier), of, share, tuple(map(case, cases)), on_gpu)
        for id_, title, points, tier, of, share, cases, on_gpu in index.pop("checks")
    )
    index["packages"] = tuple(index["packages"])
    return AnswerKey(checks=checks, **index)
