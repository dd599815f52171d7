# expect: passed
import math

TAPE = []      # every operation in the order it was done


class Value:
    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0

    def __add__(self, other): return record(self.data + num(other), (self, 1.0), (other, 1.0))
    def __sub__(self, other): return record(self.data - num(other), (self, 1.0), (other, -1.0))
    def __rsub__(self, other): return record(num(other) - self.data, (other, 1.0), (self, -1.0))
    def __mul__(self, other): return record(self.data * num(other), (self, num(other)), (other, self.data))

    def __truediv__(self, other):
        q = self.data / num(other)
        return record(q, (self, 1 / num(other)), (other, -q / num(other)))

    def __rtruediv__(self, other):
        q = num(other) / self.data
        return record(q, (other, 1 / self.data), (self, -q / self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self): return record(-self.data, (self, -1.0))
    def __pow__(self, n): return record(self.data ** n, (self, n * self.data ** (n - 1)))

    def exp(self):
        e = math.exp(self.data)
        return record(e, (self, e))

    def sigmoid(self):
        s = 0.5 + 0.5 * math.tanh(self.data / 2)
        return record(s, (self, s * (1 - s)))

    def tanh(self):
        return record(math.tanh(self.data), (self, 1 / math.cosh(self.data) ** 2))

    def relu(self):
        return record(max(0.0, self.data), (self, float(self.data > 0)))

    def backward(self):
        self.grad = 1.0
        for out, inputs in reversed(TAPE):
            for x, slope in inputs:
                if isinstance(x, Value):
                    x.grad += slope * out.grad
        TAPE.clear()


def num(x):
    return x.data if isinstance(x, Value) else x


def record(data, *inputs):
    out = Value(data)
    TAPE.append((out, inputs))
    return out
