# expect: passed
import math
import numpy as np


def each(f, z):
    z = np.asarray(z, dtype=float)
    out = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        out[i] = f(float(z[i]))
    return out


def unit_step(z):
    return each(lambda t: 0.5 if t == 0 else float(t > 0), z)

def sign(z):
    return each(lambda t: 0 if t == 0 else math.copysign(1, t), z)

def piecewise_linear(z):
    return each(lambda t: min(1, max(0, t + 0.5)), z)

def tanh(z):
    return each(math.tanh, z)

def relu(z):
    return each(lambda t: max(t, 0), z)

def leaky_relu(z, alpha=0.01):
    return each(lambda t: t if t > 0 else alpha * t, z)

def elu(z, alpha=1.0):
    return each(lambda t: t if t > 0 else alpha * (math.exp(t) - 1), z)

def tanh_derivative(z):
    return each(lambda t: 1 - math.tanh(t) ** 2, z)

def relu_derivative(z):
    return each(lambda t: 1 if t > 0 else 0, z)

def leaky_relu_derivative(z, alpha=0.01):
    return each(lambda t: 1 if t > 0 else alpha, z)

def elu_derivative(z, alpha=1.0):
    return each(lambda t: 1 if t > 0 else alpha * math.exp(t), z)
