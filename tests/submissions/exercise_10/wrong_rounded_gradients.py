# expect: value.approximate
from math import exp, tanh


def val(x):
    if isinstance(x, Value):
        return x
    return Value(x)


class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes

    def __add__(self, other):
        other = val(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __sub__(self, other):
        other = val(other)
        return Value(self.data - other.data, (self, other), (1, -1))

    def __mul__(self, other):
        other = val(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other):
        other = val(other)
        x, y = self.data, other.data
        return Value(x / y, (self, other), (1 / y, -x / y ** 2))

    def __radd__(self, other):
        return val(other) + self

    def __rsub__(self, other):
        return val(other) - self

    def __rmul__(self, other):
        return val(other) * self

    def __rtruediv__(self, other):
        return val(other) / self

    def __neg__(self):
        return Value(-self.data, (self,), (-1,))

    def __pow__(self, n):
        x = self.data
        return Value(x ** n, (self,), (n * x ** (n - 1),))

    def exp(self):
        y = exp(self.data)
        return Value(y, (self,), (y,))

    def sigmoid(self):
        y = 1 / (1 + exp(-self.data))
        return Value(y, (self,), (y * (1 - y),))

    def tanh(self):
        y = tanh(self.data)
        return Value(y, (self,), (1 - y * y,))

    def relu(self):
        x = self.data
        return Value(max(x, 0), (self,), (1 if x > 0 else 0,))

    def backward(self):
        order, seen = [], set()

        def walk(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for p in node.parents:
                walk(p)
            order.append(node)

        walk(self)
        self.grad = 1.0
        for node in order[::-1]:
            for p, s in zip(node.parents, node.slopes):
                p.grad = round(p.grad + s * node.grad, 5)
