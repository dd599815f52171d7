"""Holds what a call led to against what is right: an outcome and a keyed case in, a verdict out.

Shapes and types are settled before any value is looked at; values are compared with the
tolerances of the key, which say why they are what they are (oracles/tracked.py). What a
learner returned is only ever read as base arrays: no operator of theirs runs here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np

from grader.answer_key import KeyedCase
from grader.model import (
    APPROXIMATE,
    Array,
    Closeness,
    Evidence,
    Forbidden,
    Killed,
    Message,
    Missing,
    NotRun,
    Opaque,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    Tier,
    TimedOut,
    Tree,
    Verdict,
)
from grader.sandbox.kernels import faults
from grader.trees import is_leaf, leaves, paths

Path = tuple[int | str, ...]


class UnfitError(Exception):
    """A returned value has not the structure, type or shape that is asked for."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.id)
        self.message = message


# --- structure --------------------------------------------------------------------------------


def fit(got: Tree, expected: Tree, at: Path = (), *, loose: bool = False) -> Tree:
    """`got` as float64 arrays, in the structure and shapes of `expected`.

    Accepts what holds the same numbers: a list or tuple for an array, an array for a list,
    a bool for 0 or 1; where `loose`, also axes of length 1 too many or too few. Raises
    UnfitError with a message for the learner.
    """
    if isinstance(expected, dict):
        return _fit_dict(got, expected, at, loose)
    if not is_leaf(expected):
        return _fit_sequence(got, expected, at, loose)
    if isinstance(expected, str):
        if not isinstance(got, str):
            raise _unexpected("type.not-text", got, at)
        return got
    array = _numbers(got, at)
    if loose and np.squeeze(array).shape == np.squeeze(expected).shape:
        return array.reshape(expected.shape)
    if array.shape != expected.shape:
        raise UnfitError(
            Message(
                "shape.mismatch",
                {"want": list(expected.shape), "got": list(array.shape), "at": list(at)},
            )
        )
    return array


def _fit_dict(got: Tree, expected: dict[str, Tree], at: Path, loose: bool) -> Tree:
    if not isinstance(got, dict):
        raise _unexpected("structure.dict", got, at, keys=list(expected))
    missing = [k for k in expected if k not in got]
    extra = [k for k in got if k not in expected]
    if missing or extra:
        params = {"missing": missing, "extra": extra, "at": list(at)}
        raise UnfitError(Message("structure.keys", params))
    return {k: fit(got[k], v, (*at, k), loose=loose) for k, v in expected.items()}


def _fit_sequence(got: Tree, expected: Sequence[Tree], at: Path, loose: bool) -> Tree:
    if isinstance(got, np.ndarray) and got.ndim:
        got = [np.asarray(row) for row in got]  # a row of a 1-d array is no array yet
    if not isinstance(got, list | tuple):
        raise _unexpected("structure.sequence", got, at, want=len(expected))
    if len(got) != len(expected):
        params = {"want": len(expected), "got": len(got), "at": list(at)}
        raise UnfitError(Message("structure.length", params))
    pairs = zip(got, expected, strict=True)
    return [fit(g, e, (*at, i), loose=loose) for i, (g, e) in enumerate(pairs)]


def _numbers(got: Tree, at: Path) -> Array:
    """A leaf, or nested lists of numbers, as one float64 array."""
    if isinstance(got, list | tuple):
        rows = [_numbers(item, (*at, i)) for i, item in enumerate(got)]
        if len({row.shape for row in rows}) > 1:
            raise UnfitError(Message("structure.ragged", {"at": list(at)}))
        return np.array(rows, dtype=np.float64)
    if not isinstance(got, np.ndarray):
        raise _unexpected("type.not-a-number", got, at)
    if got.dtype.kind == "c":
        raise UnfitError(Message("type.complex", {"at": list(at)}))
    return got.astype(np.float64)


def _unexpected(id_: str, got: Tree, at: Path, **params: Any) -> UnfitError:
    if got is None:
        id_ = "returned.none" if not at else "returned.none-inside"
    return UnfitError(Message(id_, {"got": type_name(got), "at": list(at), **params}))


def type_name(got: Tree) -> str:
    """What a learner would call the type of a returned value."""
    match got:
        case None:
            return "None"
        case Opaque(name):
            return name
        case np.ndarray():
            return f"array of shape {got.shape}" if got.ndim else "number"
        case _:
            return type(got).__name__


# --- values -----------------------------------------------------------------------------------


def closeness(got: Tree, case: KeyedCase) -> Closeness:
    """How near fitted values are to the expected ones, over the whole tree."""
    for level, tolerances in ((Closeness.EXACT, case.exact), (Closeness.SINGLE, case.single)):
        if within(got, case.expected, tolerances):
            return level
    pairs = zip(leaves(got), leaves(case.expected), strict=True)
    near = all(
        g == e
        if isinstance(e, str)
        else np.all(np.abs(g - e) <= APPROXIMATE * np.max(np.abs(e), initial=0.0))
        for g, e in pairs
    )
    return Closeness.APPROXIMATE if near else Closeness.WRONG


def within(got: Tree, expected: Tree, tolerances: Tree) -> bool:
    """Whether every entry is within its tolerance. NaN never is, unless it is expected."""
    trees = zip(leaves(got), leaves(expected), leaves(tolerances), strict=True)
    return all(bool(np.all(_fine(*leaf))) for leaf in trees)


def _fine(got: Any, expected: Any, tolerance: Any) -> Any:
    """Which entries of a leaf are within their tolerance."""
    if isinstance(expected, str):
        return np.array(got == expected)
    # An infinity is right where it is expected, and nothing is near one.
    near = np.isfinite(expected) & (np.abs(got - expected) <= tolerance)
    return near | (np.isnan(got) & np.isnan(expected)) | (got == expected)


def share_right(got: Tree, case: KeyedCase) -> float:
    """The share of all entries that are right."""
    return share_within(got, case.expected, case.exact)


def share_within(got: Tree, expected: Tree, tolerances: Tree) -> float:
    """The share of all entries that are within their tolerance."""
    trees = zip(leaves(got), leaves(expected), leaves(tolerances), strict=True)
    fine = np.concatenate([np.ones(0), *(np.ravel(_fine(*leaf)) for leaf in trees)])
    return float(np.mean(fine)) if fine.size else 1.0


def _worst(got: Tree, case: KeyedCase, tolerances: Tree) -> tuple[Path, float, float, float]:
    """The entry furthest outside its tolerance: (where, expected, got, tolerance)."""
    worst = -2.0
    found: tuple[Path, float, float, float] = ((), 0.0, 0.0, 0.0)
    trees = (leaves(got), leaves(case.expected), leaves(tolerances))
    for at, g, e, t in zip(paths(case.expected), *trees, strict=True):
        if isinstance(e, str) or not g.size:
            continue
        excess = np.abs(g - e) / t
        excess = np.where(np.isnan(excess), np.inf, excess)
        excess = np.where(_fine(g, e, t), -1.0, excess)
        index = np.unravel_index(int(np.argmax(excess)), excess.shape)
        if excess[index] > worst:
            worst = float(excess[index])
            where = (*at, *(int(i) for i in index))
            found = (where, float(e[index]), float(g[index]), float(t[index]))
    return found


def _digits(expected: float, got: float) -> int:
    """About how many significant digits agree."""
    if not expected:
        return 0
    return max(0, math.floor(-math.log10(max(abs(got - expected) / abs(expected), 1e-17))))


_ENOUGH = {
    Tier.VALUE: (Closeness.EXACT, Closeness.SINGLE),
    Tier.PRECISION: (Closeness.EXACT,),
    Tier.STABILITY: (Closeness.EXACT, Closeness.SINGLE),
    # What is only close has lost points for that already; these are about something else.
    Tier.INTERFACE: (Closeness.EXACT, Closeness.SINGLE, Closeness.APPROXIMATE),
    Tier.PURITY: (Closeness.EXACT, Closeness.SINGLE, Closeness.APPROXIMATE),
}


_ABOUT_NUMBERS = (Tier.VALUE, Tier.PRECISION, Tier.STABILITY)
"""What these judge is not lost by an axis of length 1; the shape is judged elsewhere."""

_SAY_ENOUGH = ("outcome.not-written", "outcome.missing")
"""A call to look at would add nothing."""


# --- verdicts ---------------------------------------------------------------------------------


def judge(case: KeyedCase, outcome: Outcome, tier: Tier, share: float = 1.0) -> Verdict:
    """The verdict on one call, for a check of the given tier in which at least `share` of all
    entries must be right."""
    if not isinstance(outcome, Returned):
        message = explain(outcome)
        shown = None if message.id in _SAY_ENOUGH else Evidence(case.call)
        return _fail(message, outcome, evidence=shown)
    slip: Message | None = None
    try:
        got = fit(outcome.value, case.expected)
    except UnfitError as error:
        slip = error.message
        try:
            got = fit(outcome.value, case.expected, loose=tier in _ABOUT_NUMBERS)
        except UnfitError:
            return _fail(slip, outcome, evidence=Evidence(case.call))
    if share < 1:
        right = share_right(got, case)
        if right < share:
            message = _too_few(got, case.expected, right, share)
            return _fail(message, outcome, Closeness.WRONG, Evidence(case.call))
        params = {"percent": _percent(right), "needed": math.ceil(100 * share)}
        passed = Message("value.share-passed", params)
        return _right(case, outcome, tier, Closeness.EXACT, slip, passed)
    for at, g, e in zip(paths(case.expected), leaves(got), leaves(case.expected), strict=True):
        if isinstance(e, str) and g != e:
            message = Message("value.text", {"want": e, "got": g, "at": list(at)})
            return _fail(message, outcome, Closeness.WRONG, Evidence(case.call))
    near = closeness(got, case)
    if near in _ENOUGH[tier]:
        return _right(case, outcome, tier, near, slip, Message("check.passed"))
    at, e, g, t = _worst(got, case, case.exact if tier is Tier.PRECISION else case.single)
    evidence = Evidence(case.call, e, g, at, abs(g - e), t)
    if near is Closeness.WRONG:
        message = _wrong(g)
    elif tier is Tier.PRECISION:
        message = _imprecise(got, outcome.value, near, _digits(e, g))
    else:
        message = Message("value.approximate", {"digits": _digits(e, g)})
    credit = 0.5 if near is Closeness.APPROXIMATE and tier is Tier.VALUE else 0.0
    return Verdict(False, credit, message, outcome, near, evidence)


def _right(
    case: KeyedCase,
    outcome: Returned,
    tier: Tier,
    near: Closeness,
    slip: Message | None,
    passed: Message,
) -> Verdict:
    """The verdict on right numbers; `slip` is what is the matter with their shape, if anything."""
    if tier is Tier.PURITY and (changed := _changed_argument(case, outcome)) is not None:
        return _fail(changed, outcome, near, Evidence(case.call))
    if slip is not None and tier is Tier.VALUE:
        # The numbers are understood, their shape is not: half of the points.
        return Verdict(False, 0.5, slip, outcome, near, Evidence(case.call))
    return Verdict(True, 1.0, passed, outcome, near)


_MOST_LABELS = 10
"""Of more different whole numbers than these it says little how often each is right."""


def _too_few(got: Tree, expected: Tree, right: float, needed: float) -> Message:
    """Says how many entries are right; of labels also which ones, or that they are none."""
    params = {"percent": _percent(right), "needed": math.ceil(100 * needed)}
    if isinstance(expected, np.ndarray) and isinstance(got, np.ndarray):
        labels = np.unique(expected)
        if 1 < len(labels) <= _MOST_LABELS and np.array_equal(labels, np.round(labels)):
            strange = got[~np.isin(got, labels)]
            if strange.size:
                shown = {"choices": [f"{x:g}" for x in labels], "got": f"{strange[0]:g}"}
                return Message("value.not-a-label", shown)
            each = [[f"{x:g}", _percent(np.mean(got[expected == x] == x))] for x in labels]
            return Message("value.share-of-labels", {**params, "labels": each})
    return Message("value.share", params)


def _percent(share: Any) -> int:
    return math.floor(100 * float(share))


def _fail(
    message: Message,
    outcome: Outcome,
    near: Closeness | None = None,
    evidence: Evidence | None = None,
) -> Verdict:
    return Verdict(False, 0.0, message, outcome, near, evidence)


def _wrong(got: float) -> Message:
    if math.isnan(got):
        return Message("value.nan")
    if math.isinf(got):
        return Message("value.infinite")
    return Message("value.mismatch")


def _imprecise(got: Tree, returned: Tree, near: Closeness, digits: int) -> Message:
    """Why digits are missing, as far as the numbers themselves tell."""
    numbers = [np.asarray(leaf) for leaf in leaves(got) if not isinstance(leaf, str)]
    representable = all(np.array_equal(x, x.astype(np.float32).astype(np.float64)) for x in numbers)
    single = any(
        isinstance(leaf, np.ndarray) and leaf.dtype == np.float32 for leaf in leaves(returned)
    )
    if near is Closeness.SINGLE and (single or representable):
        return Message("precision.float32", {"digits": digits})
    return Message("precision.inexact", {"digits": digits})


def _changed_argument(case: KeyedCase, outcome: Returned) -> Message | None:
    """Says which argument the call changed, if it did. What the worker says of that is no more
    trusted than the rest: anything else than the arguments counts as changed."""
    from grader.sandbox import wire

    call = wire.unpack_call(case.request)
    match outcome.arguments:
        case [list() | tuple() as args, dict() as kwargs] if len(args) == len(call.args):
            pass
        case _:
            return Message("purity.changed", {"argument": None})
    for position, (before, after) in enumerate(zip(call.args, args, strict=True), 1):
        if not _same(before, after):
            return Message("purity.changed", {"argument": position})
    for name, before in call.kwargs.items():
        if name not in kwargs or not _same(before, kwargs[name]):
            return Message("purity.changed", {"argument": name})
    return None


def _same(before: Tree, after: Tree) -> bool:
    """Whether two trees hold the same numbers, arrays of the same dtype; lists and tuples are
    not told apart."""
    if is_leaf(before):
        if before is None or isinstance(before, str):
            return bool(before == after) if isinstance(after, str | None) else False
        if not isinstance(after, np.ndarray):
            return False
        if isinstance(before, np.ndarray) and before.dtype != after.dtype:
            return False
        b = np.asarray(before)
        if b.dtype.kind not in "fc" or after.dtype.kind not in "fc":
            return bool(np.array_equal(b, after))
        return bool(np.array_equal(b, after, equal_nan=True))
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and before.keys() == after.keys()
            and all(_same(v, after[k]) for k, v in before.items())
        )
    if isinstance(after, np.ndarray) and after.ndim:
        after = [np.asarray(row) for row in after]
    return (
        isinstance(after, list | tuple)
        and len(after) == len(before)
        and all(_same(b, a) for b, a in zip(before, after, strict=True))
    )


_HARMLESS = frozenset(
    {"matplotlib", "visdom", "pandas", "IPython", "seaborn", "plotly", "google", "PIL"}
)
"""Packages that plot or load data: not there while grading, and no way round an exercise."""

_ONE_NUMBER = r"only (0-dimensional|length-1|size-1) arrays can be converted"
"""What `math.exp(array)` and `float(array)` say."""

_NO_GPU = (
    r"^(Torch not compiled with CUDA enabled|Found no NVIDIA driver|No CUDA GPUs are available"
    r"|CUDA unknown error|CUDA driver initialization failed|Unexpected error from cudaGetDevice)"
)
"""What torch says of `.to("cuda")` where there is none, by the way it was built."""

_OUT_OF_REACH = r"Permission denied|Operation not permitted|can't start new thread"
"""What is said where a file, a socket, a process or a thread is asked for."""


def explain(outcome: Outcome) -> Message:
    """What to tell a learner about a call that did not return."""
    match outcome:
        case Returned():
            return Message("check.passed")
        case Raised(type="NotImplementedError"):
            return Message("outcome.not-written", {"line": outcome.line})
        case Raised(type="KernelFault") if (fault := faults.read(outcome.message)) is not None:
            id_, params = fault
            where = {k: v for k, v in _place(outcome).items() if k not in ("type", "message")}
            return Message(f"cuda.{id_}", {**where, **params})
        case Raised(type="SyntaxError" | "IndentationError" | "TabError"):
            return Message("load.syntax-error", _place(outcome))
        case Raised() if re.search(_NO_GPU, outcome.message):
            return Message("outcome.no-gpu", _place(outcome))
        case Raised() if re.search(_OUT_OF_REACH, outcome.message):
            return Message("outcome.out-of-reach", _place(outcome))
        case Raised(type="TypeError", line=None) if outcome.message.endswith("is not callable"):
            return Message("outcome.not-a-function", _place(outcome))
        case Raised(type="TypeError") if re.search(_ONE_NUMBER, outcome.message):
            return Message("outcome.one-number", _place(outcome))
        case Raised(type="TypeError", line=None):
            return Message("outcome.arguments", _place(outcome))
        case Raised():
            return Message("outcome.raised", _place(outcome))
        case Missing(name, defined):
            return Message("outcome.missing", {"name": name, "defined": list(defined)})
        case Forbidden(package, line):
            id_ = "outcome.unavailable" if package in _HARMLESS else "outcome.forbidden"
            return Message(id_, {"package": package, "line": line})
        case TimedOut(seconds):
            return Message("outcome.timed-out", {"seconds": seconds})
        case OutOfMemory(megabytes):
            return Message("outcome.out-of-memory", {"megabytes": megabytes})
        case Killed(reason, detail):
            return Message(f"outcome.killed-{reason}", {"detail": detail})
        case NotRun(cause):
            return Message("outcome.not-run", {"cause": explain(cause)})
        case _:
            assert_never(outcome)


def _place(raised: Raised) -> dict[str, Any]:
    return {
        "type": raised.type,
        "message": raised.message,
        "filename": raised.filename,
        "line": raised.line,
        "cell": raised.cell,
        "column": raised.column,
    }
