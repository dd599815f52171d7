# expect: passed
"""Everything with |z|, no branches at all."""
import numpy as np


def sign(z):
    a = np.abs(z)
    return z / np.where(a == 0, 1, a)

def unit_step(z):
    return 0.5 + 0.5 * sign(z)

def piecewise_linear(z):
    z = np.asarray(z)
    return (np.abs(z + 0.5) - np.abs(z - 0.5) + 1) / 2

def tanh(z):
    e = np.exp(-2.0 * np.abs(z))
    return sign(z) * (1 - e) / (1 + e)

def relu(z):
    return (z + np.abs(z)) / 2

def leaky_relu(z, alpha=0.01):
    # like the old theano one
    f1 = 0.5 * (1 + alpha)
    f2 = 0.5 * (1 - alpha)
    return f1 * z + f2 * np.abs(z)

def elu(z, alpha=1.0):
    negative = (z - np.abs(z)) / 2
    return relu(z) + alpha * (np.exp(negative) - 1)

def tanh_derivative(z):
    return (1 - tanh(z)) * (1 + tanh(z))

def relu_derivative(z):
    return unit_step(z)

def leaky_relu_derivative(z, alpha=0.01):
    return 0.5 * (1 + alpha) + 0.5 * (1 - alpha) * sign(z)

def elu_derivative(z, alpha=1.0):
    u = unit_step(z)
    return u + (1 - u) * alpha * np.exp((z - np.abs(z)) / 2)
