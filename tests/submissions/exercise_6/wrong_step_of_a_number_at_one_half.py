# expect: value.mismatch
import numpy as np


def unit_step(z):
    if np.isscalar(z):
        if z == 0:
            return 0.5
        return 1.0 if z > 0.5 else 0.0
    return np.heaviside(z, 0.5)


def sign(z):
    return np.sign(z)


def piecewise_linear(z):
    return np.clip(np.add(z, 0.5), 0, 1)


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.maximum(0, z)


def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, z, np.multiply(alpha, z))


def elu(z, alpha=1.0):
    return np.where(np.asarray(z) > 0, z, alpha * (np.exp(z) - 1))


def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


def relu_derivative(z):
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, alpha)


def elu_derivative(z, alpha=1.0):
    return np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(z))
