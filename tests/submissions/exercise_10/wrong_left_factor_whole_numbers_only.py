# expect: outcome.raised
import math


def val(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, links=()):
        self.data = data
        self.grad = 0.0
        self.links = links

    def __add__(self, o):
        o = val(o)
        return Value(self.data + o.data, [(self, 1.0), (o, 1.0)])

    def __sub__(self, o):
        o = val(o)
        return Value(self.data - o.data, [(self, 1.0), (o, -1.0)])

    def __mul__(self, o):
        o = val(o)
        return Value(self.data * o.data, [(self, o.data), (o, self.data)])

    def __truediv__(self, o):
        o = val(o)
        return Value(
            self.data / o.data, [(self, 1 / o.data), (o, -self.data / o.data**2)]
        )

    def __radd__(self, o):
        return val(o) + self

    def __rsub__(self, o):
        return val(o) - self

    def __rmul__(self, o):
        assert isinstance(o, int)
        return val(o) * self

    def __rtruediv__(self, o):
        return val(o) / self

    def __neg__(self):
        return Value(-self.data, [(self, -1.0)])

    def __pow__(self, n):
        return Value(self.data**n, [(self, n * self.data ** (n - 1))])

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
        return Value(max(self.data, 0), [(self, 1.0 if self.data > 0 else 0.0)])

    def backward(self):
        order, seen = [], set()

        def visit(n):
            if id(n) not in seen:
                seen.add(id(n))
                for p, _ in n.links:
                    visit(p)
                order.append(n)

        visit(self)
        self.grad = 1.0
        for n in reversed(order):
            for p, s in n.links:
                p.grad += s * n.grad
