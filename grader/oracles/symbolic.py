"""sympy's derivatives: a formula in, its exact derivative evaluated at given numbers out.

The formula, in NumPy style, is run on symbols; sympy differentiates it; mpmath evaluates the
result with more and more digits until two precisions agree, because at a fixed precision a
difference such as 1 - tanh(100)^2 comes out as 0 without a warning.

Derivatives depend on shapes, not on numbers: they are kept for the life of the process, so
that building many keys costs one differentiation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np

from grader.model import Array, GraderError, Tree, Witness
from grader.oracles.numbers import Number, high, plain
from grader.trees import leaves, map_leaves

_AGREE = mpmath.mpf(10) ** -32
_FIRST_DIGITS, _LAST_DIGITS = 50, 20_000
_ZERO_DIGITS = 800
"""A zero at fewer digits may be a cancellation; what is 0 here is below any float64."""


class Symbolic(Number):
    """A sympy expression."""

    __slots__ = ()

    @staticmethod
    def library() -> Any:
        # Imported late: a list of exercises needs their titles, not sympy.
        import sympy

        return sympy

    @classmethod
    def exact(cls, x: Any) -> Any:
        return cls.library().Rational(x)  # a float becomes the fraction that it is

    def relu(self) -> Symbolic:
        # The cases keep their distance from the kink, so what stands at 0 is never used.
        sympy = self.library()
        return Symbolic(sympy.Piecewise((self.value, self.value > 0), (0, True)))


def _evaluate(compiled: Callable[..., Sequence[Any]], at: Sequence[Any]) -> list[Any]:
    """`compiled(*at)` with as many digits as it takes for two precisions to agree."""
    digits, before = _FIRST_DIGITS, None
    while digits <= _LAST_DIGITS:
        with mpmath.workdps(digits):
            now = [mpmath.mpf(v) for v in compiled(*at)]
        if before is not None:
            with mpmath.workdps(_FIRST_DIGITS):
                settled = all(
                    abs(a - b) <= _AGREE * abs(a) and (a != 0 or digits >= _ZERO_DIGITS)
                    for a, b in zip(now, before, strict=True)
                )
                if settled:
                    return now
        digits, before = 2 * digits, now
    raise GraderError(f"sympy's result does not settle within {_LAST_DIGITS} digits")


def _compile(symbols: Sequence[Any], expressions: Sequence[Any]) -> Callable[..., Sequence[Any]]:
    function: Callable[..., Sequence[Any]] = Symbolic.library().lambdify(
        symbols, list(expressions), modules="mpmath", cse=True
    )
    return function


# --- functions of one number ----------------------------------------------------------------


@lru_cache(maxsize=256)
def _scalar(f: Callable[[Any], Any], order: int) -> Callable[..., Sequence[Any]]:
    sympy = Symbolic.library()
    x = sympy.Symbol("x", real=True)
    return _compile([x], [sympy.diff(f(Symbolic(x)).value, x, order)])


def elementwise(f: Callable[[Any], Any], *, derivative: int = 0) -> Witness:
    """`f`, or its derivative of that order, at every entry of the argument."""

    def values(x: Tree) -> tuple[Tree, Tree]:
        compiled = _scalar(f, derivative)
        points = np.asarray(plain(high(x)), dtype=object)
        out = np.empty_like(points)
        for index in np.ndindex(points.shape):
            [out[index]] = _evaluate(compiled, [points[index]])
        return out, _bound(out)

    return Witness("sympy", values)


# --- functions of several arguments ----------------------------------------------------------

_Signature = tuple[Any, ...]


def _signature(args: Sequence[Tree], kwargs: dict[str, Tree]) -> _Signature:
    """Everything about the arguments that the symbolic result depends on; hashable."""

    def freeze(x: Any) -> Any:
        if isinstance(x, dict):
            return ("dict", *((k, freeze(v)) for k, v in x.items()))
        if isinstance(x, list | tuple):
            return (type(x).__name__, *(freeze(v) for v in x))
        return x if x is None or isinstance(x, str) else ("shape", *np.shape(x))

    return freeze(list(args)), tuple((k, freeze(v)) for k, v in sorted(kwargs.items()))


def _symbolise(tree: Tree) -> tuple[Tree, list[Any]]:
    """`tree` with a symbol at every number, and the symbols in order."""
    symbols: list[Any] = []
    sympy = Symbolic.library()

    def symbol() -> Symbolic:
        symbols.append(sympy.Symbol(f"v{len(symbols)}", real=True))
        return Symbolic(symbols[-1])

    def leaf(x: Any) -> Any:
        if x is None or isinstance(x, str):
            return x
        if np.ndim(x) == 0:
            return symbol()
        out = np.empty(np.shape(x), dtype=object)
        for index in np.ndindex(out.shape):
            out[index] = symbol()
        return out

    return map_leaves(leaf, tree), symbols


def _numbers(tree: Tree) -> list[Any]:
    """The numbers of `tree` in the order of `_symbolise`, exactly."""
    return [
        x
        for leaf in leaves(high(tree))
        if leaf is not None and not isinstance(leaf, str)
        for x in plain(leaf).ravel()
    ]


class _Compiled:
    """A symbolic result: evaluates to a tree of the structure it was made with."""

    def __init__(self, symbols: Sequence[Any], result: Tree) -> None:
        self.structure = map_leaves(plain, result)
        expressions = [e for leaf in leaves(self.structure) for e in leaf.ravel()]
        self.function = _compile(symbols, expressions)

    def __call__(self, numbers: Sequence[Any]) -> Tree:
        flat = iter(_evaluate(self.function, numbers))

        def fill(leaf: Array) -> Array:
            out = np.empty_like(leaf)
            for index in np.ndindex(leaf.shape):
                out[index] = next(flat)
            return out

        filled: Tree = map_leaves(fill, self.structure)
        return filled


_cache: dict[Any, _Compiled] = {}


def _sorted(kwargs: dict[str, Tree]) -> dict[str, Tree]:
    """In one order, whatever the caller's: symbols and numbers are matched by position."""
    return dict(sorted(kwargs.items()))


def _compiled(kind: Any, args: Sequence[Tree], kwargs: dict[str, Tree], result: Any) -> _Compiled:
    key = (kind, _signature(args, kwargs))
    if key not in _cache:
        symbolic, symbols = _symbolise([list(args), _sorted(kwargs)])
        _cache[key] = _Compiled(symbols, result(symbolic[0], symbolic[1]))
    return _cache[key]


def values_of(function: Callable[..., Tree]) -> Callable[..., Tree]:
    """`function(*args, **kwargs)` evaluated by sympy: a tree of mpmath object arrays."""

    def values(*args: Tree, **kwargs: Tree) -> Tree:
        compiled = _compiled(function, args, kwargs, lambda a, k: function(*a, **k))
        return compiled(_numbers([list(args), _sorted(kwargs)]))

    return values


def gradient(scalar: Callable[..., Any], wrt: Callable[..., Tree]) -> Callable[..., Tree]:
    """The partial derivatives of `scalar(*args, **kwargs)` by every entry of `wrt(*args)`:
    a tree of mpmath object arrays, shaped like what `wrt` picks out of the arguments."""

    def derivatives(args: Sequence[Tree], kwargs: dict[str, Tree]) -> Tree:
        sympy = Symbolic.library()
        expression = np.asarray(scalar(*args, **kwargs), dtype=object).item().value

        def by(leaf: Any) -> Array:
            symbols: Array = plain(leaf)
            out = np.empty(symbols.shape, dtype=object)
            for index in np.ndindex(symbols.shape):
                out[index] = Symbolic(sympy.diff(expression, symbols[index]))
            return out

        partials: Tree = map_leaves(by, wrt(*args, **kwargs))
        return partials

    def values(*args: Tree, **kwargs: Tree) -> Tree:
        compiled = _compiled((scalar, wrt), args, kwargs, derivatives)
        return compiled(_numbers([list(args), _sorted(kwargs)]))

    return values


def witness(evaluate: Callable[..., Tree]) -> Witness:
    """What `values_of` or `gradient` gives, as a witness with its own bound."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree, Tree]:
        result = evaluate(*args, **kwargs)
        return result, map_leaves(_bound, result)

    return Witness("sympy", values)


def _bound(values: Array) -> Array:
    """Digits agree to 1e-32; sums of such values (over a batch) still do to 1e-28."""
    out = np.empty_like(values)
    for index in np.ndindex(values.shape):
        out[index] = abs(values[index]) * mpmath.mpf(10) ** -28
    return out
