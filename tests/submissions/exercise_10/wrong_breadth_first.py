# expect: breadth-first-order
import numpy as np


class Value:
    counter = 0

    def __init__(self, data, op="", args=()):
        self.data = data
        self.grad = 0.0
        self.op = op
        self.args = args
        Value.counter += 1
        self.number = Value.counter      # later nodes have higher numbers

    def make(self, op, a, b):
        if not isinstance(a, Value):
            a = Value(a)
        if not isinstance(b, Value):
            b = Value(b)
        if op == "+":
            data = a.data + b.data
        elif op == "-":
            data = a.data - b.data
        elif op == "*":
            data = a.data * b.data
        elif op == "/":
            data = a.data / b.data
        return Value(data, op, (a, b))

    def __add__(self, other): return self.make("+", self, other)
    def __radd__(self, other): return self.make("+", other, self)
    def __sub__(self, other): return self.make("-", self, other)
    def __rsub__(self, other): return self.make("-", other, self)
    def __mul__(self, other): return self.make("*", self, other)
    def __rmul__(self, other): return self.make("*", other, self)
    def __truediv__(self, other): return self.make("/", self, other)
    def __rtruediv__(self, other): return self.make("/", other, self)
    def __neg__(self): return Value(-self.data, "neg", (self,))

    def __pow__(self, n):
        out = Value(self.data ** n, "**", (self,))
        out.n = n
        return out

    def exp(self): return Value(np.exp(self.data), "exp", (self,))
    def tanh(self): return Value(np.tanh(self.data), "tanh", (self,))
    def sigmoid(self): return Value(1 / (1 + np.exp(-self.data)), "sigmoid", (self,))
    def relu(self): return Value(np.maximum(self.data, 0), "relu", (self,))

    def push(self):
        g = self.grad
        y = self.data
        if self.op in ("+", "-", "*", "/"):
            a, b = self.args
            if self.op == "+":
                a.grad += g
                b.grad += g
            elif self.op == "-":
                a.grad += g
                b.grad -= g
            elif self.op == "*":
                a.grad += g * b.data
                b.grad += g * a.data
            else:
                a.grad += g / b.data
                b.grad -= g * a.data / b.data ** 2
        elif self.op:
            x, = self.args
            if self.op == "neg":
                x.grad -= g
            elif self.op == "**":
                x.grad += g * self.n * x.data ** (self.n - 1)
            elif self.op == "exp":
                x.grad += g * y
            elif self.op == "tanh":
                x.grad += g * (1 - y * y)
            elif self.op == "sigmoid":
                x.grad += g * y * (1 - y)
            elif self.op == "relu":
                x.grad += g * (x.data > 0)

    def backward(self):
        self.grad = 1.0
        seen = {self}
        queue = [self]
        while queue:
            node = queue.pop(0)
            node.push()
            for arg in node.args:
                if arg not in seen:
                    seen.add(arg)
                    queue.append(arg)
