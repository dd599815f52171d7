# expect: passed
"""Every node knows who uses it, and asks them for its gradient."""
import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.uses = []          # (result, slope)
        self.inputs = []

    def _link(self, data, *pairs):
        out = Value(data)
        for x, slope in pairs:
            x.uses.append((out, slope))
            out.inputs.append(x)
        return out

    def __add__(self, other):
        other = wrap(other)
        return self._link(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = wrap(other)
        return self._link(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = wrap(other)
        return self._link(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = wrap(other)
        a, b = self.data, other.data
        return self._link(a / b, (self, b ** -1), (other, -a * b ** -2))

    def __radd__(self, other): return wrap(other).__add__(self)
    def __rsub__(self, other): return wrap(other).__sub__(self)
    def __rmul__(self, other): return wrap(other).__mul__(self)
    def __rtruediv__(self, other): return wrap(other).__truediv__(self)
    def __neg__(self): return self._link(-self.data, (self, -1.0))
    def __pow__(self, n): return self._link(self.data ** n, (self, n * self.data ** (n - 1)))

    def exp(self):
        y = math.exp(self.data)
        return self._link(y, (self, y))

    def sigmoid(self):
        y = 1 / (1 + math.exp(-self.data))
        return self._link(y, (self, y - y * y))

    def tanh(self):
        u, v = math.exp(self.data), math.exp(-self.data)
        return self._link((u - v) / (u + v), (self, 4 / (u + v) ** 2))

    def relu(self):
        if self.data > 0:
            return self._link(self.data, (self, 1.0))
        return self._link(0.0, (self, 0.0))

    def backward(self):
        below, todo = {self}, [self]
        while todo:
            for x in todo.pop().inputs:
                if x not in below:
                    below.add(x)
                    todo.append(x)
        known = {self: 1.0}

        def gradient(node):
            if node not in known:
                known[node] = sum(slope * gradient(out) for out, slope in node.uses if out in below)
            return known[node]

        for node in below:
            node.grad = gradient(node)


def wrap(x):
    return x if isinstance(x, Value) else Value(x)
