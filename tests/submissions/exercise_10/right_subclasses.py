# expect: passed
import math


class Value:
    """A leaf; operations are subclasses that know their slopes."""

    inputs = ()

    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def slopes(self):
        return ()

    def __add__(self, other): return Add(self, other)
    def __radd__(self, other): return Add(other, self)
    def __sub__(self, other): return Sub(self, other)
    def __rsub__(self, other): return Sub(other, self)
    def __mul__(self, other): return Mul(self, other)
    def __rmul__(self, other): return Mul(other, self)
    def __truediv__(self, other): return Div(self, other)
    def __rtruediv__(self, other): return Div(other, self)
    def __pow__(self, n): return Pow(self, n)
    def __neg__(self): return Sub(0, self)
    def exp(self): return Exp(self)
    def sigmoid(self): return Sigmoid(self)
    def tanh(self): return Tanh(self)
    def relu(self): return Relu(self)

    def backward(self):
        order = []
        self._sort(order, set())
        self.grad = 1.0
        while order:
            node = order.pop()
            for x, slope in zip(node.inputs, node.slopes()):
                x.grad += node.grad * slope

    def _sort(self, order, done):
        if self in done:
            return
        done.add(self)
        for x in self.inputs:
            x._sort(order, done)
        order.append(self)


class Operation(Value):
    def __init__(self, *inputs):
        self.inputs = [x if isinstance(x, Value) else Value(x) for x in inputs]
        super().__init__(self.compute(*[x.data for x in self.inputs]))


class Add(Operation):
    def compute(self, a, b): return a + b
    def slopes(self): return 1, 1


class Sub(Operation):
    def compute(self, a, b): return a - b
    def slopes(self): return 1, -1


class Mul(Operation):
    def compute(self, a, b): return a * b
    def slopes(self): return self.inputs[1].data, self.inputs[0].data


class Div(Operation):
    def compute(self, a, b): return a / b
    def slopes(self): return 1 / self.inputs[1].data, -self.data / self.inputs[1].data


class Pow(Operation):
    def __init__(self, x, n):
        self.n = n
        super().__init__(x)

    def compute(self, a): return a ** self.n
    def slopes(self): return (self.n * self.data / self.inputs[0].data,)


class Exp(Operation):
    def compute(self, a): return math.exp(a)
    def slopes(self): return (self.data,)


class Sigmoid(Operation):
    def compute(self, a): return math.exp(a) / (1 + math.exp(a))
    def slopes(self): return (self.data - self.data ** 2,)


class Tanh(Operation):
    def compute(self, a): return math.tanh(a)
    def slopes(self): return (1 - self.data ** 2,)


class Relu(Operation):
    def compute(self, a): return a * (a > 0)
    def slopes(self): return (self.inputs[0].data > 0,)
