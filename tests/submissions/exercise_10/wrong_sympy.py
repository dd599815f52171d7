# expect: outcome.forbidden
import sympy


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.expr = sympy.Float(data)

    def __add__(self, other):
        return Value(self.data + other.data)

    def backward(self):
        self.grad = float(sympy.diff(self.expr, self.expr))
