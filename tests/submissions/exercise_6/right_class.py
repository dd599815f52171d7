# expect: passed
import numpy as np


class Activation:
    """A function with its slope, like a layer of a network has."""

    def __init__(self, f, df):
        self.f = f
        self.df = df

    def __call__(self, z, **params):
        return self.f(np.asarray(z, dtype=float), **params)

    def slope(self, z, **params):
        return self.df(np.asarray(z, dtype=float), **params)


def _elu(z, alpha):
    with np.errstate(over="ignore"):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))

def _delu(z, alpha):
    with np.errstate(over="ignore"):
        return np.where(z > 0, 1, alpha * np.exp(z))

TANH = Activation(np.tanh, lambda z: 1 - np.tanh(z) * np.tanh(z))
RELU = Activation(lambda z: z.clip(0), lambda z: np.where(z > 0, 1, 0))
LEAKY = Activation(lambda z, alpha: z.clip(0) + alpha * z.clip(None, 0),
                   lambda z, alpha: np.where(z < 0, alpha, 1))
ELU = Activation(_elu, _delu)


def unit_step(z):
    return np.heaviside(z, 1 / 2)

def sign(z):
    return np.heaviside(z, 0) - np.heaviside(np.negative(z), 0)

def piecewise_linear(z):
    return (np.asarray(z, dtype=float) + 0.5).clip(0, 1)

def tanh(z):
    return TANH(z)

def relu(z):
    return RELU(z)

def leaky_relu(z, alpha=0.01):
    return LEAKY(z, alpha=alpha)

def elu(z, alpha=1.0):
    return ELU(z, alpha=alpha)

def tanh_derivative(z):
    return TANH.slope(z)

def relu_derivative(z):
    return RELU.slope(z)

def leaky_relu_derivative(z, alpha=0.01):
    return LEAKY.slope(z, alpha=alpha)

def elu_derivative(z, alpha=1.0):
    return ELU.slope(z, alpha=alpha)
