"""Exercise 10, worked: a small automatic differentiator."""

import math


class Value:
    """A number that remembers how it was computed.

    `_links` has a pair (operand, slope) for every operand: how steep this node is by it. A leaf
    has none. The slopes are known as soon as the node is computed; only what they have to be
    multiplied by is not.
    """

    def __init__(self, data, _links=()):
        self.data = data
        self.grad = 0.0
        self._links = _links

    # A plain number becomes a Value first; then each operation is written once.

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = _as_value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, exponent):
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, [(self, slope)])

    # The others are made of these three, and so are their slopes.

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-_as_value(other))

    def __truediv__(self, other):
        return self * _as_value(other) ** -1

    # Python calls b.__rsub__(2) for 2 - b: here `other` stands on the left.

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return _as_value(other) - self

    def __rtruediv__(self, other):
        return _as_value(other) / self

    # Each of these slopes can be written with the result, which is there already.

    def exp(self):
        y = math.exp(self.data)
        return Value(y, [(self, y)])

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.data))
        return Value(y, [(self, y * (1 - y))])

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, [(self, 1 - y * y)])

    def relu(self):
        is_open = self.data > 0
        return Value(self.data if is_open else 0.0, [(self, 1.0 if is_open else 0.0)])

    def backward(self):
        """From the result to the leaves, every node once.

        A node's gradient is complete when everything that uses it has had its turn. In `order`
        operands stand before what is made of them; from its end, no node comes too early.
        """
        order = []
        seen = set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand, _ in node._links:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for operand, slope in node._links:
                # += and not =: several roads may lead here.
                operand.grad += slope * node.grad


def _as_value(x):
    return x if isinstance(x, Value) else Value(x)
