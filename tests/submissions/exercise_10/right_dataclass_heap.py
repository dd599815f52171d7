# expect: passed
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
import numpy as np

serial = count()


@dataclass(eq=False)
class Value:
    data: float
    links: list = field(default_factory=list, repr=False)
    grad: float = 0.0

    def __post_init__(self):
        self.serial = next(serial)

    def __add__(self, other):
        return Value(self.data + data(other), links((self, 1), (other, 1)))

    def __mul__(self, other):
        return Value(self.data * data(other), links((self, data(other)), (other, self.data)))

    def __pow__(self, n):
        return Value(self.data ** n, [(self, n * self.data ** (n - 1))])

    def __neg__(self): return -1 * self
    def __sub__(self, other): return self + -other
    def __rsub__(self, other): return -self + other
    def __truediv__(self, other): return self * (1 / other if not isinstance(other, Value) else other ** -1)
    def __rtruediv__(self, other): return other * self ** -1
    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self): return self.apply(np.exp, np.exp)
    def sigmoid(self): return self.apply(logistic, lambda x: logistic(x) * logistic(-x))
    def tanh(self): return self.apply(np.tanh, lambda x: np.cosh(x) ** -2.0)
    def relu(self): return self.apply(lambda x: max(x, 0.0), lambda x: np.heaviside(x, 0.5))

    def apply(self, f, slope):
        return Value(f(self.data), [(self, slope(self.data))])

    def backward(self):
        self.grad = 1.0
        heap, waiting = [(-self.serial, self)], {self.serial}
        while heap:                       # the youngest node first
            _, node = heappop(heap)
            for x, slope in node.links:
                x.grad += slope * node.grad
                if x.serial not in waiting:
                    waiting.add(x.serial)
                    heappush(heap, (-x.serial, x))


def data(x):
    return getattr(x, "data", x)


def links(*pairs):
    return [(x, slope) for x, slope in pairs if isinstance(x, Value)]


def logistic(x):
    return 1 / (1 + np.exp(-x))
