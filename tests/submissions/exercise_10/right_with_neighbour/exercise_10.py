# expect: passed
from graph import sort
from exercise_1 import sigmoid
import math


class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def __add__(self, other):
        other = lift(other)
        return Value(self.data + other.data, [(self, 1), (other, 1)])

    def __mul__(self, other):
        other = lift(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, n):
        return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

    def __neg__(self): return Value(-self.data, [(self, -1)])
    def __sub__(self, other): return self + -lift(other)
    def __rsub__(self, other): return lift(other) + -self
    def __truediv__(self, other): return self * lift(other) ** -1
    def __rtruediv__(self, other): return lift(other) * self ** -1
    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        y = math.exp(self.data)
        return Value(y, [(self, y)])

    def sigmoid(self):
        y = sigmoid(self.data)
        return Value(y, [(self, y * (1 - y))])

    def tanh(self):
        y = math.tanh(self.data)
        return Value(y, [(self, 1 - y ** 2)])

    def relu(self):
        return Value(max(0, self.data), [(self, int(self.data > 0))])

    def backward(self):
        self.grad = 1
        for node in reversed(sort(self)):
            for x, slope in node.parents:
                x.grad += slope * node.grad


def lift(x):
    return x if isinstance(x, Value) else Value(x)
