"""Exercise 10: a small automatic differentiator.

So far you found every derivative on paper. Here you write a number that finds its own: it
remembers how it was computed, and goes back the way it came.

    a = Value(2.0)
    b = Value(-3.0)
    c = a * b
    d = c + a
    d.backward()

Every result is a node that knows its operands, so these lines build a graph:

    a ──┬── * ── c ── + ── d          d = a·b + a = −4
    b ──┘             │
    a ────────────────┘

`d.backward()` then puts into the `.grad` of every node how steep d is by it: ∂d/∂node.

    d.grad =  1       d by itself
    c.grad =  1       a sum passes on what it receives
    b.grad =  2       ∂d/∂c · ∂c/∂b = 1 · a
    a.grad = −2       two roads lead from d to a: 1 · b through c, and 1 directly

That is all there is to backpropagation: along a road the slopes are multiplied, and where
several roads arrive at a node their products are added.

Write the class `Value` with

    Value(data)                 data is a float or an int; .grad is 0.0 at first
    a + b   a − b   a * b   a / b   −a
    a ** n                      n is a plain number: 3, −2, 0.5
    2 + a   a − 2   2 * a   ... all four also with a plain number on either side
    a.exp()   a.sigmoid()   a.tanh()   a.relu()
    a.backward()

so that
  - every operation gives a new Value, with the right `.data`;
  - graphs may be 200 operations deep, and a node may be used any number of times. Where every
    node is used twice, 40 nodes in a row make 2⁴⁰ roads: do not walk them one by one, but let
    each node have its turn once;
  - two graphs of different nodes have nothing to do with one another. `backward` is called
    once on each graph; nothing is asked of a second call.

relu's slope is asked for on either side of 0, not at 0. Use the standard library and NumPy, if
you like; do not use a library that differentiates for you.

In its reports the grader writes a graph in one line. Value(a=2.0, b=-3.0, run='c = a * b') is
short for a = Value(2.0), b = Value(-3.0), and then c = a * b. Check your work with

    grade exercise-10

It builds on exercise-2.
"""

import math


class Value:
    """A number that remembers how it was computed.

    >>> a, b = Value(2.0), Value(-3.0)
    >>> d = a * b + a
    >>> d.backward()
    >>> d.data, a.grad, b.grad
    (-4.0, -2.0, 2.0)
    """

    def __init__(self, data):
        """A leaf: `data` is the number, `grad` will be the derivative by it."""
        raise NotImplementedError

    def __add__(self, other):
        """self + other; `other` is a Value or a plain number."""
        raise NotImplementedError

    def __radd__(self, other):
        """other + self, where `other` is a plain number: Python calls this for 2 + a."""
        raise NotImplementedError

    def __sub__(self, other):
        """self - other"""
        raise NotImplementedError

    def __rsub__(self, other):
        """other - self"""
        raise NotImplementedError

    def __mul__(self, other):
        """self * other"""
        raise NotImplementedError

    def __rmul__(self, other):
        """other * self"""
        raise NotImplementedError

    def __truediv__(self, other):
        """self / other"""
        raise NotImplementedError

    def __rtruediv__(self, other):
        """other / self"""
        raise NotImplementedError

    def __pow__(self, exponent):
        """self ** exponent, a plain number"""
        raise NotImplementedError

    def __neg__(self):
        """-self"""
        raise NotImplementedError

    def exp(self):
        """e to the power self"""
        raise NotImplementedError

    def sigmoid(self):
        """1 / (1 + e⁻ˢᵉˡᶠ)"""
        raise NotImplementedError

    def tanh(self):
        """the hyperbolic tangent of self"""
        raise NotImplementedError

    def relu(self):
        """self where it is positive, else 0"""
        raise NotImplementedError

    def backward(self):
        """Puts ∂self/∂node into the `.grad` of every node that self was computed from."""
        raise NotImplementedError
