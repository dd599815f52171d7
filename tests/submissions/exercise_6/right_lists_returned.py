# expect: passed
# no numpy, plain recursion over the rows
import math


def _map(f, z):
    if getattr(z, "ndim", 0) == 0:
        return f(float(z))
    return [_map(f, row) for row in z]


def unit_step(z):
    return _map(lambda t: 0.5 * ((t > 0) + (t >= 0)), z)

def sign(z):
    return _map(lambda t: (t > 0) - (t < 0), z)

def piecewise_linear(z):
    return _map(lambda t: sorted([0, t + 0.5, 1])[1], z)

def tanh(z):
    return _map(math.tanh, z)

def relu(z):
    return _map(lambda t: max(0.0, t), z)

def leaky_relu(z, alpha=0.01):
    return _map(lambda t: max(alpha * t, t), z)

def elu(z, alpha=1.0):
    return _map(lambda t: t if t >= 0 else alpha * math.expm1(t), z)

def tanh_derivative(z):
    return _map(lambda t: 1.0 - math.tanh(t) ** 2, z)

def relu_derivative(z):
    return _map(lambda t: t > 0, z)

def leaky_relu_derivative(z, alpha=0.01):
    return _map(lambda t: 1 if t >= 0 else alpha, z)

def elu_derivative(z, alpha=1.0):
    return _map(lambda t: 1 if t >= 0 else alpha * math.exp(t), z)
