# expect: passed
import numpy as np


def unit_step(z):
    z = np.asarray(z)
    return np.select([z < 0, z == 0], [0.0, 0.5], default=1.0)


def sign(z):
    z = np.asarray(z)
    return np.select([z < 0, z > 0], [-1, 1], 0)


def piecewise_linear(z):
    z = np.asarray(z)
    return np.select([z <= -0.5, z >= 0.5], [0, 1], z + 1 / 2)


def tanh(z):
    z = np.clip(z, -300, 300)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def relu(z):
    z = np.asarray(z)
    return np.select([z > 0], [z], 0)


def leaky_relu(z, alpha=0.01):
    z = np.asarray(z)
    return np.select([z > 0], [z], z * alpha)


def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.select([z > 0], [z], alpha * np.exp(z) - alpha)


def tanh_derivative(z):
    z = np.clip(z, -300, 300)
    return 4 / (np.exp(z) + np.exp(-z)) ** 2


def relu_derivative(z):
    z = np.asarray(z)
    return np.select([z > 0, z < 0], [1, 0], 0.5)


def leaky_relu_derivative(z, alpha=0.01):
    z = np.asarray(z)
    return np.select([z > 0, z < 0], [1, alpha], (1 + alpha) / 2)


def elu_derivative(z, alpha=1.0):
    z = np.asarray(z)
    return np.select([z > 0, z < 0], [1, alpha * np.exp(z)], (1 + alpha) / 2)
