"""Numbers of mpmath or sympy that NumPy formulas can be run on.

NumPy calls the method `exp` of the elements of an object array where it meets `np.exp`;
mpmath and sympy numbers have no such methods, so they are wrapped.
"""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from grader.model import Tree
from grader.trees import map_leaves


class Number:
    """A number of some library, with the functions that NumPy asks its elements for."""

    __slots__ = ("value",)

    @staticmethod
    def library() -> Any:
        """The module that has exp, log, sqrt and tanh for these numbers."""
        raise NotImplementedError

    def __init__(self, value: Any) -> None:
        self.value = value

    def _of(self, value: Any) -> Any:
        return type(self)(value)

    @classmethod
    def coerce(cls, x: Any) -> Any:
        """The value behind `x`: of a Number itself, of a plain number exactly."""
        if isinstance(x, Number):
            return x.value
        return cls.exact(x.item() if isinstance(x, np.generic) else x)

    @classmethod
    def exact(cls, x: Any) -> Any:
        """A plain Python number as one of the library's, without rounding."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value})"

    def __add__(self, other: Any) -> Any:
        return self._of(self.value + self.coerce(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._of(self.value - self.coerce(other))

    def __rsub__(self, other: Any) -> Any:
        return self._of(self.coerce(other) - self.value)

    def __mul__(self, other: Any) -> Any:
        return self._of(self.value * self.coerce(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self._of(self.value / self.coerce(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._of(self.coerce(other) / self.value)

    def __pow__(self, exponent: Any) -> Any:
        return self._of(self.value ** self.coerce(exponent))

    def __neg__(self) -> Any:
        return self._of(-self.value)

    def __pos__(self) -> Any:
        return self

    def exp(self) -> Any:
        return self._of(self.library().exp(self.value))

    def log(self) -> Any:
        return self._of(self.library().log(self.value))

    def sqrt(self) -> Any:
        return self._of(self.library().sqrt(self.value))

    def tanh(self) -> Any:
        return self._of(self.library().tanh(self.value))


class High(Number):
    """An mpmath number, at the precision that is set when it is used."""

    __slots__ = ()

    @staticmethod
    def library() -> Any:
        return mpmath

    @classmethod
    def exact(cls, x: Any) -> Any:
        return mpmath.mpf(int(x) if isinstance(x, bool) else x)

    def relu(self) -> High:
        return self if self.value > 0 else High(mpmath.mpf(0))

    def __abs__(self) -> High:
        return High(abs(self.value))

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > self.coerce(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self.value >= self.coerce(other))

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < self.coerce(other))

    def __le__(self, other: Any) -> bool:
        return bool(self.value <= self.coerce(other))


def high(tree: Tree) -> Tree:
    """Numbers and arrays of `tree` as High ones, exactly; strings and None stay."""

    def leaf(x: Any) -> Any:
        if x is None or isinstance(x, str):
            return x
        if isinstance(x, np.ndarray) and x.ndim:
            out = np.empty(x.shape, dtype=object)
            for index in np.ndindex(x.shape):
                out[index] = High(High.coerce(x[index]))
            return out
        return High(High.coerce(x.item() if isinstance(x, np.ndarray) else x))

    return map_leaves(leaf, tree)


def plain(leaf: Any) -> Any:
    """A leaf of Numbers as an object array of the values behind them."""
    entries = np.asarray(leaf, dtype=object)
    out = np.empty(entries.shape, dtype=object)
    for index in np.ndindex(entries.shape):
        entry = entries[index]
        out[index] = entry.value if isinstance(entry, Number) else entry
    return out
