"""Builds an answer key: an exercise and a seed in, a proven key out.

Proven means: every expected value has witnesses that agree within the bounds that each of
them states; every misconception of a function gives, on the cases of its value checks,
something that is neither right nor what another misconception gives. A key that fails this
is refused with an error that names the exercise, the case and the values, because then the
fault is ours.
"""

from __future__ import annotations

import inspect
import textwrap
import warnings
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath
import numpy as np

from grader.answer_key import AnswerKey, KeyedCase, KeyedCheck, WrongAnswer, versions
from grader.compare import UnfitError, fit, share_right
from grader.model import (
    APPROXIMATE,
    Array,
    Case,
    Check,
    Exercise,
    Function,
    GraderError,
    Misconception,
    Tier,
    Tree,
)
from grader.oracles.tracked import U32, U64, NearKinkError, errors, lift, slacks, values
from grader.sandbox import wire
from grader.trees import leaves, map_leaves, paths

_DIGITS = 60
_ATTEMPTS = 40
WITNESSES = 3
"""Of one that errs, two others tell which it is."""
_TELLING = 1e-9
"""A case must pin some entry of every output to nine digits, or it tells nothing."""
_APART = 10.0
"""How many times the tolerance a wrong answer must stand off, so that no rounding of a
wrong answer is taken for a right one or for another wrong one."""
_TINY64 = mpmath.mpf(2) ** -1022
_TINY32 = mpmath.mpf(2) ** -126


class KeyRefusedError(GraderError):
    """The key of an exercise could not be proven."""


class WitnessesDisagreeError(KeyRefusedError):
    """Two sources of an expected value differ by more than they admit."""


class UntellingError(Exception):
    """These random numbers make a poor case; others may do."""


def build(exercise: Exercise, seed: int) -> AnswerKey:
    """The answer key of `exercise` for `seed`. Raises KeyRefusedError."""
    functions = {f.name: f for f in exercise.functions}
    with mpmath.workdps(_DIGITS), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        checks = tuple(_keyed_check(exercise, check, functions, seed) for check in exercise.checks)
        for function in exercise.functions:
            _prove_misconceptions(exercise, function, checks)
    return AnswerKey(
        exercise=exercise.id,
        title=exercise.title,
        seed=seed,
        packages=exercise.packages,
        signatures={f.name: f.signature for f in exercise.functions},
        drivers={
            f.driver.__name__: textwrap.dedent(inspect.getsource(f.driver))
            for f in exercise.functions
            if f.driver
        },
        misconceptions={m.id: m.help for f in exercise.functions for m in f.misconceptions},
        checks=checks,
        versions=versions(),
    )


def _keyed_check(
    exercise: Exercise, check: Check, functions: Mapping[str, Function], seed: int
) -> KeyedCheck:
    cases: tuple[KeyedCase, ...] = ()
    if check.cases is not None:
        cases = _keyed_cases(exercise, check, functions, seed)
    said = check.id, check.title, check.points, check.tier, check.of, check.share
    return KeyedCheck(*said, cases, check.on_gpu)


def _keyed_cases(
    exercise: Exercise, check: Check, functions: Mapping[str, Function], seed: int
) -> tuple[KeyedCase, ...]:
    assert check.cases is not None
    why: Exception | None = None
    for attempt in range(_ATTEMPTS):
        # The id, not the position: a new check does not change the cases of the others.
        rng = np.random.default_rng([seed, zlib.crc32(check.id.encode()), attempt])
        try:
            return tuple(
                _keyed_case(exercise, check, functions[case.function], case, number)
                for number, case in enumerate(check.cases(rng), 1)
            )
        except (NearKinkError, UntellingError) as error:
            why = error
    where = f"{exercise.id}, check {check.id}, seed {seed}"
    raise KeyRefusedError(f"{where}: no telling cases in {_ATTEMPTS} draws: {why}")


def _keyed_case(
    exercise: Exercise, check: Check, function: Function, case: Case, number: int
) -> KeyedCase:
    where = f"{exercise.id}, check {check.id}, case {case.id or number}"
    exactly, rounded = _lifted(case), _lifted(case, rounded=True)
    expected, exact, single, precise = _reference(function, case, exactly, rounded)
    _ask_witnesses(where, function, case, precise, exact, single)
    if check.tier is Tier.VALUE:
        for value, tolerance in zip(leaves(expected), leaves(exact), strict=True):
            if (
                not isinstance(value, str)
                and value.size
                and not np.any(tolerance <= _TELLING * np.abs(value))
            ):
                raise UntellingError(f"{where}: no entry is known to nine digits")
    wrong: dict[str, WrongAnswer] = {}
    if check.tier in (Tier.VALUE, Tier.STABILITY):
        for misconception in function.misconceptions:
            if (answer := _wrong_answer(misconception, case, rounded)) is not None:
                wrong[misconception.id] = answer
    driver = function.driver.__name__ if function.driver else None
    return KeyedCase(
        id=case.id or f"{check.id}-{number}",
        function=case.function,
        call=case.shown or render_call(case),
        request=wire.pack_call(
            case.function, case.args, dict(case.kwargs), driver=driver, tensors=function.tensors
        ),
        expected=expected,
        exact=exact,
        single=single,
        wrong=wrong,
        part=case.part,
    )


_Lifted = tuple[list[Tree], dict[str, Tree]]
"""The arguments of a case as numbers that carry their error."""


def _lifted(case: Case, *, rounded: bool = False) -> _Lifted:
    """Positional numbers are inputs; keyword ones that are whole (epochs, sizes) are counts and
    stay what they are."""
    args = lift(list(case.args), rounded=rounded)
    kwargs = {
        k: v if isinstance(v, int) else lift(v, rounded=rounded) for k, v in case.kwargs.items()
    }
    return args, kwargs


def _run(formula: Any, lifted: _Lifted) -> Tree:
    """`formula` on arrays of its own; the numbers in them never change."""
    args, kwargs = map_leaves(lambda x: x.copy() if isinstance(x, np.ndarray) else x, [*lifted])
    return formula(*args, **kwargs)


def _numeric(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` for leaves of numbers; text stands for itself everywhere."""
    return lambda leaf, *others: leaf if isinstance(leaf, str) else function(leaf, *others)


@_numeric
def _as_floats(x: Array) -> Array:
    return np.array([float(v) for v in x.ravel()], dtype=np.float64).reshape(x.shape)


def _tolerances(run: Tree, unit: Any, tiny: Any) -> Tree:
    """The absolute tolerance of every entry of what a formula gave."""
    return map_leaves(_numeric(lambda leaf: _tolerance(leaf, unit, tiny)), run)


def _tolerance(leaf: Any, unit: Any, tiny: Any) -> Array:
    """Twice the bound: the factor covers terms of second order. The rounding of the stored
    value itself is added, and what is right by definition."""
    value = values(leaf)
    trio = zip(value.ravel(), errors(leaf).ravel(), slacks(leaf).ravel(), strict=True)
    bound = [
        float((2 * unit * e + U64 * abs(v) + slack + tiny) * (1 + mpmath.mpf(10) ** -9))
        for v, e, slack in trio
    ]
    return np.array(bound, dtype=np.float64).reshape(value.shape)


def _reference(
    function: Function, case: Case, exactly: _Lifted, rounded: _Lifted
) -> tuple[Tree, Tree, Tree, Tree]:
    """(expected, tolerances for float64, for float32, values in raised precision).

    The bound is the largest over all accepted ways to compute the value.
    """
    formulas = (function.reference, *function.also_right)
    at64 = [_run(f, exactly) for f in formulas]
    at32 = [_run(f, rounded) for f in formulas]
    precise = map_leaves(_numeric(values), at64[0])

    def tolerance(runs: Sequence[Tree], unit: Any, tiny: Any) -> Tree:
        bounds = [_tolerances(run, unit, tiny) for run in runs]
        return map_leaves(_numeric(lambda *all_: np.maximum.reduce(all_)), *bounds)

    exact = tolerance(at64, U64, _TINY64)
    for other in at64[1:]:
        others = map_leaves(_numeric(values), other)
        alike = map_leaves(_within, precise, others, _nothing(exact), exact)
        if not all(np.all(leaf) for leaf in leaves(alike)):
            raise KeyRefusedError(f"two accepted formulas differ at {render_call(case)}")
    return map_leaves(_as_floats, precise), exact, tolerance(at32, U32, _TINY32), precise


def _nothing(tree: Tree) -> Tree:
    return map_leaves(_numeric(np.zeros_like), tree)


def _ask_witnesses(
    where: str, function: Function, case: Case, precise: Tree, exact: Tree, single: Tree
) -> None:
    """Raises WitnessesDisagreeError unless every witness stands by the expected values: three or
    more, and a GPU where there is one."""
    if sum(not witness.on_gpu for witness in function.witnesses) < WITNESSES:
        raise KeyRefusedError(f"{where}: {function.name} has fewer than {WITNESSES} witnesses")
    answers = []
    for witness in function.witnesses:
        answer, bound = witness.values(*case.args, **case.kwargs)
        if bound is None:
            bound = single if witness.single else exact
        if answer is not None:
            answers.append((witness.name, answer, bound))
    for name, answer, bound in answers:
        try:
            agreed = map_leaves(_within, precise, answer, bound, exact)
        except ValueError as error:
            raise WitnessesDisagreeError(
                f"{where}: {name} gives another structure: {error}"
            ) from None
        for path, fine in zip(paths(agreed), leaves(agreed), strict=True):
            if not np.all(fine):
                said = "; ".join(
                    f"{n} {_at(a, path, fine)}"
                    for n, a, _ in [("reference", precise, None), *answers]
                )
                raise WitnessesDisagreeError(
                    f"{where}: the witnesses of {function.name} disagree"
                    f"{' at ' + '.'.join(map(str, path)) if path else ''}: {said}"
                )


def _within(value: Array, answer: Any, bound: Any, tolerance: Array) -> Array:
    """Where `answer` is within its own `bound` of `value`. A millionth of what a learner is
    allowed is granted beside: 60 digits lose some to cancellation too."""
    if isinstance(value, str):
        return np.array(answer == value)
    got, slack = np.asarray(answer, dtype=object), np.asarray(bound, dtype=object)
    if got.shape != value.shape:
        raise ValueError(f"shape {got.shape} where the reference has {value.shape}")
    slack = np.broadcast_to(slack, value.shape)
    fine = [
        bool(abs(_mp(g) - v) <= s + mpmath.mpf(float(t)) / 10**6)
        for v, g, s, t in zip(
            value.ravel(), got.ravel(), slack.ravel(), tolerance.ravel(), strict=True
        )
    ]
    return np.array(fine, dtype=bool).reshape(value.shape)


def _mp(x: Any) -> Any:
    return mpmath.mpf(x.item() if isinstance(x, np.generic) else x)


def _at(tree: Tree, path: Sequence[Any], fine: Array) -> str:
    """The entry of `tree` where `fine` is false first, for an error message."""
    for key in path:
        tree = tree[key]
    if isinstance(tree, str):
        return repr(tree)
    entry = np.asarray(tree, dtype=object).ravel()[int(np.argmin(np.ravel(fine)))]
    return str(mpmath.nstr(_mp(entry), 20))


# --- misconceptions ---------------------------------------------------------------------------


def _wrong_answer(m: Misconception, case: Case, rounded: _Lifted) -> WrongAnswer | None:
    """What the misconception gives, or None where its formula breaks down on these numbers."""
    try:
        if m.floating:
            answer = m.formula(*case.args, **case.kwargs)
            floats = map_leaves(_numeric(lambda x: np.asarray(x, dtype=np.float64)), answer)
            return WrongAnswer(floats, map_leaves(_numeric(_floating_tolerance), floats))
        run = _run(m.formula, rounded)
        wrong = map_leaves(_numeric(lambda leaf: _as_floats(values(leaf))), run)
        tolerances = map_leaves(_numeric(_recognisable), wrong, _tolerances(run, U32, _TINY32))
        return WrongAnswer(wrong, tolerances, m.share)
    except (ArithmeticError, ValueError, IndexError):
        return None


def _recognisable(x: Array, tolerance: Array) -> Array:
    """Where an author computes a wrong answer in exact arithmetic, a learner still does not."""
    least: Array = 1e-9 * np.abs(np.where(np.isfinite(x), x, 0.0))
    return np.maximum(tolerance, least)


def _floating_tolerance(x: Array) -> Array:
    """An infinity or NaN is matched by itself alone, so it widens nothing."""
    return 1e-12 * np.abs(np.where(np.isfinite(x), x, 0.0)) + float(_TINY32)


def _prove_misconceptions(
    exercise: Exercise, function: Function, checks: Sequence[KeyedCheck]
) -> None:
    """Every misconception is wrong, and no two of them are the same wrong; what only a GPU would
    tell does not count."""
    cases = [
        (check, case)
        for check in checks
        if check.tier in (Tier.VALUE, Tier.STABILITY) and not check.on_gpu
        for case in check.cases
        if case.function == function.name
    ]
    about_values = [(check, case) for check, case in cases if check.tier is Tier.VALUE]
    for m in function.misconceptions:
        if m.floating:
            caught = any(_is_off(case, m.id, approximate=False) for _, case in cases)
        else:
            caught = any(
                _is_off(case, m.id, approximate=True)
                if check.share == 1
                else _falls_short(case, m.id, check.share)
                for check, case in about_values
            )
        if not caught:
            raise KeyRefusedError(
                f"{exercise.id}: no case tells misconception {m.id} from a right {function.name}"
            )
    names = [m.id for m in function.misconceptions]
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            if not any(_differ(case.wrong.get(a), case.wrong.get(b)) for _, case in cases):
                raise KeyRefusedError(
                    f"{exercise.id}: no case tells misconceptions {a} and {b} of "
                    f"{function.name} apart"
                )


def _is_off(case: KeyedCase, misconception: str, *, approximate: bool) -> bool:
    wrong = case.wrong.get(misconception)
    if wrong is None:
        return False
    tolerance = case.single if approximate else case.exact

    def off(right: Array, tolerance: Array, value: Array, slack: Array) -> bool:
        if isinstance(right, str) or isinstance(value, str):
            return bool(value != right) if type(value) is type(right) else True
        if value.shape != right.shape:
            return True
        allowed = tolerance
        if approximate:
            allowed = np.maximum(allowed + slack, APPROXIMATE * _scale(right))
        return bool(np.any(~(np.abs(value - right) <= _APART * allowed)))

    try:
        return any(
            leaves(map_leaves(off, case.expected, tolerance, wrong.values, wrong.tolerances))
        )
    except ValueError:  # another structure, so visibly wrong
        return True


def _falls_short(case: KeyedCase, misconception: str, share: float) -> bool:
    """Whether the wrong answer has clearly fewer right entries than are asked for."""
    wrong = case.wrong.get(misconception)
    if wrong is None:
        return False
    try:
        return share_right(fit(wrong.values, case.expected), case) < share - 0.05
    except UnfitError:
        return True


def _differ(a: WrongAnswer | None, b: WrongAnswer | None) -> bool:
    if a is None or b is None:
        return a is not b

    def apart(x: Array, s: Array, y: Array, t: Array) -> bool:
        if isinstance(x, str) or isinstance(y, str):
            return bool(x != y) if type(x) is type(y) else True
        if x.shape != y.shape:
            return True
        near = np.abs(x - y) <= _APART * (s + t)
        return bool(np.any(~(near | (np.isnan(x) & np.isnan(y)) | (x == y))))

    try:
        return any(leaves(map_leaves(apart, a.values, a.tolerances, b.values, b.tolerances)))
    except ValueError:
        return True


def _scale(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0))


# --- words for a call -------------------------------------------------------------------------


def render_call(case: Case) -> str:
    """The call as Python, with large arrays by their shape."""
    arguments = [_render(x) for x in case.args]
    arguments += [f"{name}={_render(x)}" for name, x in case.kwargs.items()]
    return f"{case.function}({', '.join(arguments)})"


def _render(x: Any) -> str:
    if isinstance(x, np.ndarray):
        if x.size > 8:
            return f"<{'×'.join(map(str, x.shape))} array>"
        return f"np.array({x.tolist()!r})"
    if isinstance(x, dict):
        return "{" + ", ".join(f"{k!r}: {_render(v)}" for k, v in x.items()) + "}"
    if isinstance(x, tuple):
        return "(" + ", ".join(map(_render, x)) + ("," if len(x) == 1 else "") + ")"
    if isinstance(x, list):
        return "[" + ", ".join(map(_render, x)) + "]"
    return repr(x)
