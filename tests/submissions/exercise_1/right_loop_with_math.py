# expect: passed
import math
import numpy as np


def one(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def sigmoid(x):
    x = np.asarray(x, dtype=float)
    result = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        result[i] = one(x[i])
    return result


def sigmoid_derivative(x):
    x = np.asarray(x, dtype=float)
    result = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        result[i] = one(x[i]) * one(-x[i])
    return result
