# expect: passed
import numpy as np

def sigmoid(x):
    x = np.asarray(x, dtype=np.float64)
    y = np.empty_like(x)
    pos = x >= 0
    y[pos] = 1 / (1 + np.exp(-x[pos]))
    ex = np.exp(x[~pos])
    y[~pos] = ex / (1 + ex)
    return y

def sigmoid_derivative(x):
    return sigmoid(x) - sigmoid(x) ** 2
