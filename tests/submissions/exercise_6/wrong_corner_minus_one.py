# expect: value.mismatch
# score: 9.87
import numpy as np

def unit_step(z):
    z = np.asarray(z)
    return np.where(z == 0, 0.5, np.where(z > 0, 1.0, 0.0))


def sign(z):
    z = np.asarray(z)
    return np.where(z > 0, 1, np.where(z < 0, -1, 0))


def piecewise_linear(z):
    return np.minimum(1, np.maximum(0, np.asarray(z) + 0.5))


def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def relu(z):
    return z * (np.asarray(z) > 0)


def leaky_relu(z, alpha=0.01):
    z = np.asarray(z)
    return np.maximum(z, alpha * z)


def elu(z, alpha=1.0):
    neg = np.minimum(z, 0)
    return np.maximum(z, 0) + alpha * (np.exp(neg) - 1)


def tanh_derivative(z):
    t = tanh(z)
    return 1 - t * t


def relu_derivative(z):
    # not differentiable at 0
    return np.where(np.asarray(z) == 0, -1, np.asarray(z) > 0)


def leaky_relu_derivative(z, alpha=0.01):
    pos = np.asarray(z) > 0
    return pos + (1 - pos) * alpha


def elu_derivative(z, alpha=1.0):
    pos = np.asarray(z) > 0
    return np.where(pos, 1, alpha * np.exp(np.minimum(z, 0)))
