"""Finite differences in raised precision: a reference forward function in, derivatives out.

Central differences D(h) = (f(x + h) - f(x - h)) / 2h have a truncation error of
h^2 f'''(x) / 6 + O(h^4). With 60 digits and h = 1e-15 it is near 1e-30, and D(2h) - D(h)
is three times as large: that difference is the error estimate, and no assumption about
f''' enters. In float64 the same estimate would drown in rounding, which is why finite
differences judge here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np

from grader.model import Tree, Witness
from grader.oracles.numbers import High, high, plain
from grader.trees import leaves, map_leaves

_DIGITS = 60
_STEP = mpmath.mpf(10) ** -15
_ROUNDING = mpmath.mpf(10) ** -40
"""Far above 10^-60 / 10^-15, what rounding does to a difference quotient here."""


def _quotients(f: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The derivative of `f` at 0 and a bound on its error."""
    near = (f(_STEP) - f(-_STEP)) / (2 * _STEP)
    far = (f(2 * _STEP) - f(-2 * _STEP)) / (4 * _STEP)
    return near, abs(far - near) + _ROUNDING * (1 + abs(near))


def elementwise(f: Callable[[Any], Any]) -> Witness:
    """The derivative of a function of one number, at every entry of its argument."""

    def values(x: Tree) -> tuple[Tree, Tree]:
        with mpmath.workdps(_DIGITS):
            points = np.asarray(plain(high(x)), dtype=object)
            value, bound = np.empty_like(points), np.empty_like(points)
            for index in np.ndindex(points.shape):
                at = points[index]
                value[index], bound[index] = _quotients(
                    lambda h, at=at: f(High(at + h)).value  # type: ignore[misc]  # the default binds at
                )
            return value, bound

    return Witness("finite differences", values)


def gradient(
    scalar: Callable[..., Any], wrt: Callable[..., Tree]
) -> Callable[..., tuple[Tree, Tree]]:
    """The partial derivatives of `scalar(*args, **kwargs)` by every entry of `wrt(*args)`.

    `wrt` picks, out of the arguments, the tree to differentiate by; the result is shaped
    like it: (values, bounds), object arrays of mpmath numbers.
    """

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree, Tree]:
        with mpmath.workdps(_DIGITS):
            # 0-d arrays instead of bare numbers: entries are changed in place below.
            lifted = map_leaves(
                lambda x: x if x is None or isinstance(x, str) else np.array(x, dtype=object),
                high(list(args)),
            )
            variables = wrt(*lifted, **kwargs)
            results = []
            for variable in leaves(variables):
                value, bound = np.empty_like(variable), np.empty_like(variable)
                for index in np.ndindex(variable.shape):
                    centre = variable[index]

                    def moved(h: Any, v: Any = variable, i: Any = index, c: Any = centre) -> Any:
                        v[i] = High(c.value + h)
                        result = scalar(*map_leaves(_unboxed, lifted), **kwargs)
                        v[i] = c
                        return np.asarray(result, dtype=object).item().value

                    value[index], bound[index] = _quotients(moved)
                results.append((value, bound))
            value_of, bound_of = iter(results), iter(results)
            return (
                map_leaves(lambda _: next(value_of)[0], variables),
                map_leaves(lambda _: next(bound_of)[1], variables),
            )

    return values


def _unboxed(x: Any) -> Any:
    return x.item() if isinstance(x, np.ndarray) and x.ndim == 0 else x


def gradient_witness(scalar: Callable[..., Any], wrt: Callable[..., Tree]) -> Witness:
    """`gradient` as a witness."""
    return Witness("finite differences", gradient(scalar, wrt))
