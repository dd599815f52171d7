# expect: outcome.forbidden
import torch


class Value:
    def __init__(self, data):
        self.t = torch.tensor(float(data), requires_grad=True) if not torch.is_tensor(data) else data
        if not self.t.is_leaf:
            self.t.retain_grad()

    @property
    def data(self):
        return self.t.item()

    @property
    def grad(self):
        return 0.0 if self.t.grad is None else self.t.grad.item()

    def __add__(self, other):
        return Value(self.t + getattr(other, "t", other))

    def __mul__(self, other):
        return Value(self.t * getattr(other, "t", other))

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        return Value(self.t.tanh())

    def backward(self):
        self.t.backward()
