"""Numbers that carry their rounding error: formulas in, values and error bounds out.

Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
section 3.3) by one number class. A NumPy formula is run on object arrays of `Tracked`; each
result holds the exact value in raised precision and `error`, a first-order bound, in units
of the unit round-off u, on what the same formula can lose in floating point:

    inputs                exact (0); or |x| where they are rounded first (single precision)
    a sum of n terms      the errors of the terms + (n - 1) times the sum of their magnitudes,
                          which covers every order of adding them up
    a * b, a / b          the errors carried through, + |result| for the operation itself
    exp, tanh, log ...    the error carried through the slope, + 8 |result|: NumPy documents
                          at most 4 ulp for its vectorised functions, and an ulp is up to 2 u
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, SupportsFloat

import mpmath
import numpy as np

from grader.model import Array, Tree
from grader.trees import map_leaves

U64 = mpmath.mpf(2) ** -53
"""Unit round-off of float64."""
U32 = mpmath.mpf(2) ** -24
"""Unit round-off of float32."""

_FUNCTION_ERROR = 8
_ZERO = mpmath.mpf(0)
_KINK_MARGIN = 1000 * U32


def _scalars_only(operation: Callable[[Any, Any], Tracked]) -> Callable[[Any, Any], Tracked]:
    """Leaves an array on the other side to NumPy, which goes through its entries."""

    @functools.wraps(operation)
    def guarded(self: Any, other: Any) -> Any:
        if isinstance(other, np.ndarray) and other.ndim:
            return NotImplemented
        return operation(self, other.item() if isinstance(other, np.ndarray) else other)

    return guarded


class NearKinkError(Exception):
    """A value lies so near a kink that rounding alone could put it on the other side."""


class Tracked:
    """A real number and the rounding error that has been made on the way to it."""

    __slots__ = ("_carried", "_magnitude", "_terms", "slack", "value")

    def __init__(
        self,
        value: Any,
        carried: Any = 0,
        magnitude: Any = None,
        terms: int = 1,
    ) -> None:
        # Nearly always they are mpmath's already; making them so again is half the work.
        self.value = value if type(value) is mpmath.mpf else mpmath.mpf(value)
        self._carried = carried if type(carried) is mpmath.mpf else mpmath.mpf(carried)
        self._magnitude = abs(self.value) if magnitude is None else magnitude
        self._terms = terms
        self.slack = _ZERO

    @classmethod
    def between(cls, low: Any, high: Any) -> Tracked:
        """Any value from `low` to `high` is right: the derivative at a kink, say. For results,
        not for further arithmetic."""
        # The ends are inputs, which single precision rounds; twice their size covers it.
        ends = max(abs(mpmath.mpf(low)), abs(mpmath.mpf(high)))
        middle = cls((mpmath.mpf(low) + mpmath.mpf(high)) / 2, ends)
        middle.slack = (mpmath.mpf(high) - mpmath.mpf(low)) / 2
        return middle

    @property
    def error(self) -> Any:
        """Bound on the absolute error, in units of u."""
        if self._terms == 1:
            return self._carried
        return self._carried + (self._terms - 1) * self._magnitude

    @staticmethod
    def of(x: Any) -> Tracked:
        return x if isinstance(x, Tracked) else Tracked(_exact(x))

    def __repr__(self) -> str:
        return f"Tracked({mpmath.nstr(self.value, 8)}, error={mpmath.nstr(self.error, 3)} u)"

    # Sums remember their terms, so that the bound does not depend on the order of adding.
    @_scalars_only
    def __add__(self, other: Any) -> Tracked:
        b = Tracked.of(other)
        if b.value == 0 and b.error == 0:
            return self
        if self.value == 0 and self.error == 0:
            return b
        return Tracked(
            self.value + b.value,
            self._carried + b._carried,
            self._magnitude + b._magnitude,
            self._terms + b._terms,
        )

    __radd__ = __add__

    def __neg__(self) -> Tracked:
        return Tracked(-self.value, self._carried, self._magnitude, self._terms)

    def __pos__(self) -> Tracked:
        return self

    @_scalars_only
    def __sub__(self, other: Any) -> Tracked:
        return self + (-Tracked.of(other))

    @_scalars_only
    def __rsub__(self, other: Any) -> Tracked:
        return Tracked.of(other) + (-self)

    @_scalars_only
    def __mul__(self, other: Any) -> Tracked:
        b = Tracked.of(other)
        v = self.value * b.value
        return Tracked(v, abs(self.value) * b.error + abs(b.value) * self.error + abs(v))

    __rmul__ = __mul__

    @_scalars_only
    def __truediv__(self, other: Any) -> Tracked:
        b = Tracked.of(other)
        v = self.value / b.value
        return Tracked(v, (self.error + abs(v) * b.error) / abs(b.value) + abs(v))

    @_scalars_only
    def __rtruediv__(self, other: Any) -> Tracked:
        return Tracked.of(other) / self

    def __pow__(self, exponent: Any) -> Tracked:
        """Powers with a plain integer exponent, as repeated multiplication would lose."""
        n = int(exponent)
        if n != exponent:
            raise TypeError("only integer powers carry an error bound")
        v = self.value**n
        slope = abs(n * self.value ** (n - 1)) if n else mpmath.mpf(0)
        return Tracked(v, slope * self.error + max(abs(n), 1) * abs(v))

    def __abs__(self) -> Tracked:
        return Tracked(abs(self.value), self.error)

    def _function(self, value: Any, slope: Any) -> Tracked:
        return Tracked(value, abs(slope) * self.error + _FUNCTION_ERROR * abs(value))

    def exp(self) -> Tracked:
        v = mpmath.exp(self.value)
        return self._function(v, v)

    def expm1(self) -> Tracked:
        return self._function(mpmath.expm1(self.value), mpmath.exp(self.value))

    def log(self) -> Tracked:
        return self._function(mpmath.log(self.value), 1 / self.value)

    def log1p(self) -> Tracked:
        return self._function(mpmath.log1p(self.value), 1 / (1 + self.value))

    def sqrt(self) -> Tracked:
        v = mpmath.sqrt(self.value)
        return self._function(v, 1 / (2 * v))

    def tanh(self) -> Tracked:
        v = mpmath.tanh(self.value)
        return self._function(v, mpmath.sech(self.value) ** 2)

    def cosh(self) -> Tracked:
        return self._function(mpmath.cosh(self.value), mpmath.sinh(self.value))

    def relu(self) -> Tracked:
        return self if self > 0 else Tracked(0)

    # Comparisons decide branches; near the kink the branch itself would be rounding.
    def _side(self, other: Any) -> Any:
        b = Tracked.of(other)
        difference = self.value - b.value
        error = self.error + b.error
        if error and abs(difference) <= _KINK_MARGIN * error:
            raise NearKinkError(f"{difference} is within rounding of a kink")
        return difference

    def __gt__(self, other: Any) -> bool:
        return bool(self._side(other) > 0)

    def __ge__(self, other: Any) -> bool:
        return bool(self._side(other) >= 0)

    def __lt__(self, other: Any) -> bool:
        return bool(self._side(other) < 0)

    def __le__(self, other: Any) -> bool:
        return bool(self._side(other) <= 0)


def _exact(x: Any) -> Any:
    """`x` as mpmath takes it, without rounding."""
    if isinstance(x, np.generic):
        x = x.item()
    return int(x) if isinstance(x, bool) else x


def lift(tree: Tree, *, rounded: bool = False) -> Tree:
    """Numbers and arrays of `tree` as Tracked ones; strings and None stay.

    `rounded`: the inputs are rounded before use, as in single precision.
    """

    def number(x: SupportsFloat) -> Tracked:
        exact = _exact(x)
        return Tracked(exact, abs(exact) if rounded else 0)

    def leaf(x: Any) -> Any:
        if x is None or isinstance(x, str):
            return x
        if isinstance(x, np.ndarray) and x.ndim:
            lifted = np.empty(x.shape, dtype=object)
            for index in np.ndindex(x.shape):
                lifted[index] = number(x[index])
            return lifted
        # A 0-d array as a bare number: NumPy would hand out either, depending on the operation.
        return number(x.item() if isinstance(x, np.ndarray) else x)

    return map_leaves(leaf, tree)


def _entries(leaf: Any) -> Array:
    return np.asarray(leaf, dtype=object)


def values(leaf: Any) -> Array:
    """The exact values of a leaf, as an object array of mpmath numbers."""
    return _each(_entries(leaf), lambda x: Tracked.of(x).value)


def errors(leaf: Any) -> Array:
    """The error bounds of a leaf in units of u, as an object array of mpmath numbers."""
    return _each(_entries(leaf), lambda x: Tracked.of(x).error)


def slacks(leaf: Any) -> Array:
    """How far from its value each entry of a leaf may lie and still be right by definition."""
    return _each(_entries(leaf), lambda x: Tracked.of(x).slack)


def whole(leaf: Any) -> Any:
    """Lifted whole numbers (labels, counts) as ints again: an int, or an int array."""
    entries = _entries(leaf)
    numbers = np.array([int(Tracked.of(x).value) for x in entries.ravel()], dtype=np.int64)
    return int(numbers[0]) if entries.ndim == 0 else numbers.reshape(entries.shape)


def _each(entries: Array, function: Any) -> Array:
    out = np.empty(entries.shape, dtype=object)
    for index in np.ndindex(entries.shape):
        out[index] = function(entries[index])
    return out
