# expect: passed
"""Forward mode: every Value carries its derivative by every node it was made from."""
import math


class Value:
    def __init__(self, data, by=None):
        self.data = data
        self.grad = 0.0
        self.by = dict(by or {})      # node -> d(self)/d(node)
        self.by[self] = 1.0

    def _new(self, data, *pairs):
        by = {}
        for x, slope in pairs:
            if isinstance(x, Value):
                for node, d in x.by.items():
                    by[node] = by.get(node, 0.0) + slope * d
        return Value(data, by)

    def __add__(self, o): return self._new(self.data + f(o), (self, 1), (o, 1))
    def __radd__(self, o): return self._new(o + self.data, (self, 1))
    def __sub__(self, o): return self._new(self.data - f(o), (self, 1), (o, -1))
    def __rsub__(self, o): return self._new(o - self.data, (self, -1))
    def __mul__(self, o): return self._new(self.data * f(o), (self, f(o)), (o, self.data))
    def __rmul__(self, o): return self._new(o * self.data, (self, o))
    def __truediv__(self, o): return self._new(self.data / f(o), (self, 1 / f(o)), (o, -self.data / f(o) ** 2))
    def __rtruediv__(self, o): return self._new(o / self.data, (self, -o / self.data ** 2))
    def __neg__(self): return self._new(-self.data, (self, -1))
    def __pow__(self, n): return self._new(self.data ** n, (self, n * self.data ** (n - 1)))

    def exp(self):
        return self._new(math.exp(self.data), (self, math.exp(self.data)))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._new(s, (self, math.exp(-self.data) * s * s))

    def tanh(self):
        t = math.tanh(self.data)
        return self._new(t, (self, (1 - t) * (1 + t)))

    def relu(self):
        return self._new(self.data if self.data > 0 else 0.0, (self, 1 if self.data > 0 else 0))

    def backward(self):
        for node, d in self.by.items():
            node.grad = d


def f(x):
    return x.data if isinstance(x, Value) else x
