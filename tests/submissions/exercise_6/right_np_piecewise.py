# expect: passed
import numpy as np

def _f(z):
    return np.asarray(z, dtype=np.float64)

def unit_step(z):
    return np.piecewise(_f(z), [_f(z) < 0, _f(z) > 0], [0, 1, 0.5])

def sign(z):
    return np.piecewise(_f(z), [_f(z) < 0, _f(z) > 0], [-1, 1, 0])

def piecewise_linear(z):
    return np.piecewise(_f(z), [_f(z) <= -0.5, _f(z) >= 0.5], [0, 1, lambda t: t + 0.5])

def tanh(z):
    return np.piecewise(_f(z), [_f(z) < 0],
                        [lambda t: (np.exp(2*t) - 1) / (np.exp(2*t) + 1),
                         lambda t: (1 - np.exp(-2*t)) / (1 + np.exp(-2*t))])

def relu(z):
    return np.piecewise(_f(z), [_f(z) > 0], [lambda t: t, 0])

def leaky_relu(z, alpha=0.01):
    return np.piecewise(_f(z), [_f(z) > 0], [lambda t: t, lambda t: alpha * t])

def elu(z, alpha=1.0):
    return np.piecewise(_f(z), [_f(z) > 0], [lambda t: t, lambda t: alpha * np.expm1(t)])

def tanh_derivative(z):
    return 1 / np.cosh(np.clip(_f(z), -700, 700)) ** 2

def relu_derivative(z):
    return np.piecewise(_f(z), [_f(z) > 0], [1, 0])

def leaky_relu_derivative(z, alpha=0.01):
    return np.piecewise(_f(z), [_f(z) > 0], [1, alpha])

def elu_derivative(z, alpha=1.0):
    return np.piecewise(_f(z), [_f(z) > 0], [1, lambda t: alpha * np.exp(t)])
