# expect: passed
import numpy as np


def elementwise(f, x):
    if np.ndim(x) == 0:
        return f(float(x))
    return np.array([elementwise(f, row) for row in x])


def sigmoid(x):
    return elementwise(lambda t: (1 + np.tanh(t / 2)) / 2, x)


def sigmoid_derivative(x):
    return elementwise(lambda t: np.exp(-abs(t)) / (1 + np.exp(-abs(t))) ** 2, x)
