"""Submissions that are nearly the same: sources of one exercise in, pairs to look at out.

What is compared is the order of tokens (rapidfuzz) after everything has been taken away that is
easily changed or not the student's own: comments, docstrings, layout, names, annotations, the
order of functions, what the stub or the worked answer says, and what many of the class write.
Where little is left, nothing is said: two right answers to a short exercise look alike because
they are right.
"""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

GRAM = 6
"""Tokens in a row that make a passage."""
SHORT = 100
"""Tokens of the middle submission below which an exercise is too short to tell anything."""
OWN = 60
"""Tokens of its own that a submission needs before it is compared."""
ALIKE = 0.8
"""The share of tokens in the same order from which a pair is shown."""
COMMON_SHARE, COMMON_LEAST = 0.2, 10
"""A passage is common to the class when this share of it, and at least that many, wrote it."""
_LONGEST = 4000
"""Tokens that are looked at: beyond them, a file is no answer to an exercise."""
_ROWS = 256
"""Submissions that are compared with all others at a time; memory stays flat."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students whose submissions are alike; `a` and `b` are keys of what was compared."""

    a: str
    b: str
    share: float
    tokens: int
    """How many tokens of its own the shorter of the two has."""


@dataclass(frozen=True, slots=True)
class Group:
    """Students who are alike, directly or through one another; mostly two."""

    members: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """The n − 1 pairs that hold n students together, the most alike first: ten students with
    one file are nine pairs, not forty-five."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing the submissions to one exercise."""

    groups: tuple[Group, ...]
    """The most alike first."""
    submissions: int
    compared: int
    """Those with enough of their own."""
    unreadable: int
    """Those that are no Python, which have no tokens to compare."""

    length: float
    """Tokens of the middle submission, before anything that is common is taken away."""

    @property
    def telling(self) -> bool:
        """Whether the exercise leaves enough to choose for a likeness to mean anything."""
        return self.length >= SHORT


def compare(
    sources: Mapping[str, str], given: Sequence[str], functions: frozenset[str]
) -> Comparison:
    """`sources` by student; `given`: the stub and the worked answer; `functions`: the names that
    the exercise prescribes, which alone are kept."""
    read = {text: tokens(text, functions) for text in set(sources.values())}
    streams = {key: read[text] for key, text in sources.items()}
    readable = {key: stream for key, stream in streams.items() if stream is not None}
    own = _own(readable, [stream for text in given if (stream := tokens(text, functions))])
    enough = {key: stream for key, stream in own.items() if len(stream) >= OWN}
    return Comparison(
        _alike(enough),
        len(streams),
        len(enough),
        len(streams) - len(readable),
        statistics.median(map(len, readable.values())) if readable else 0,
    )


def tokens(source: str, functions: frozenset[str]) -> list[str] | None:
    """The tokens of `source` without what a copy changes first; None where it is no Python."""
    try:
        tree = _Plain(functions).visit(ast.parse(source))
        tree.body.sort(key=_place)
        text = ast.unparse(tree)
        found = tokenize.generate_tokens(io.StringIO(text).readline)
        skipped = (tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
        return [_token(t) for t in found if t.type not in skipped][:_LONGEST]
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return None


def _token(token: tokenize.TokenInfo) -> str:
    match token.type:
        case tokenize.STRING:
            return "''"
        case tokenize.INDENT | tokenize.DEDENT:
            return tokenize.tok_name[token.type]
        case _:
            return token.string


def _place(node: ast.stmt) -> tuple[int, str]:
    """Functions and classes first, by name and then by text: their order is anybody's choice."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return 0, ast.unparse(node)
    return 1, ""


class _Plain(ast.NodeTransformer):
    """Takes names, annotations, docstrings, imports and what runs only as a script away."""

    def __init__(self, functions: frozenset[str]) -> None:
        self.functions = functions
        self.known: dict[str, str] = {}
        self.fields: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for inner in ast.walk(node):
            match inner:
                case ast.Import() | ast.ImportFrom():
                    for alias in inner.names:
                        self.known[alias.asname or alias.name] = alias.name
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self.known[name] = name if name in self.functions else "_"
                case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                    self.known[name] = "_"
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    self.fields.add(name)
        node.body = [kept for child in node.body if (kept := self._statement(child))]
        return node

    def _statement(self, node: ast.stmt) -> ast.stmt | None:
        match node:
            case ast.Import() | ast.ImportFrom():
                return None
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                return None
            case ast.Expr(value=ast.Constant()):
                return None
        kept: ast.stmt = self.visit(node)
        return kept

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                kept = [s for s in statements if not _says_nothing(s)]
                setattr(node, name, kept or ([ast.Pass()] if statements and name == "body" else []))
        return super().generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.known.get(node.name, "_")
        node.returns = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self.known.get(node.name, "_")
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg("_")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.known.get(node.id, node.id), node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        name = "_" if node.attr in self.fields else node.attr
        return ast.Attribute(node.value, name, node.ctx)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        value = node.value or ast.Constant(None)
        return ast.fix_missing_locations(ast.Assign([node.target], value))


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _own(streams: Mapping[str, list[str]], given: Sequence[list[str]]) -> dict[str, list[str]]:
    """Each stream without passages that were given, or that many of the class wrote."""
    written = Counter(gram for stream in streams.values() for gram in set(_grams(stream)))
    many = max(COMMON_LEAST, COMMON_SHARE * len(streams))
    common = {gram for gram, count in written.items() if count > many}
    common.update(gram for stream in given for gram in _grams(stream))
    return {key: _without(stream, common) for key, stream in streams.items()}


def _grams(stream: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(stream[n : n + GRAM]) for n in range(len(stream) - GRAM + 1)]


def _without(stream: list[str], common: set[tuple[str, ...]]) -> list[str]:
    covered = [False] * len(stream)
    for n, gram in enumerate(_grams(stream)):
        if gram in common:
            covered[n : n + GRAM] = [True] * GRAM
    return [token for token, hidden in zip(stream, covered, strict=True) if not hidden]


def _alike(streams: Mapping[str, list[str]]) -> tuple[Group, ...]:
    """All are compared with all, in C, a block of rows at a time."""
    numbers: dict[str, int] = {}
    keys = sorted(streams)
    coded = [[numbers.setdefault(t, len(numbers)) for t in streams[key]] for key in keys]
    edges = [np.empty((3, 0))]
    for start in range(0, len(keys), _ROWS):
        shares = cdist(
            coded[start : start + _ROWS],
            coded[start:],
            scorer=Indel.normalized_similarity,
            score_cutoff=ALIKE,
            workers=-1,
        )
        a, b = np.nonzero(np.triu(shares, 1))
        edges.append(np.stack([shares[a, b], a + start, b + start]))
    return tuple(
        Group(
            tuple(sorted({keys[n] for _, a, b in tree for n in (a, b)})),
            tuple(
                Pair(keys[a], keys[b], share, min(len(coded[a]), len(coded[b])))
                for share, a, b in tree
            ),
        )
        for tree in _trees(np.concatenate(edges, axis=1), len(keys))
    )


Edge: TypeAlias = tuple[float, int, int]


def _trees(
    edges: np.ndarray[tuple[int, ...], np.dtype[np.float64]], nodes: int
) -> list[list[Edge]]:
    """The best edges that hold every group together (Kruskal's algorithm), by group."""
    root = list(range(nodes))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = node = root[root[node]]
        return node

    kept: list[Edge] = []
    shares, a, b = edges
    for edge in np.lexsort((b, a, -shares)):
        one, other = find(int(a[edge])), find(int(b[edge]))
        if one != other:
            root[other] = one
            kept.append((float(shares[edge]), int(a[edge]), int(b[edge])))
    trees: dict[int, list[Edge]] = {}
    for kept_edge in kept:  # the best first, and so the groups with the best
        trees.setdefault(find(kept_edge[1]), []).append(kept_edge)
    return list(trees.values())
