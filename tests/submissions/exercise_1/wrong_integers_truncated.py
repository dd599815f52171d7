# expect: value.mismatch
# score: 9.5
import numpy as np

def sigmoid(x):
    x = np.asarray(x)
    out = np.zeros_like(x)      # of the dtype of x ...
    out[...] = 1 / (1 + np.exp(-x))
    return out

def sigmoid_derivative(x):
    s = sigmoid(np.asarray(x, dtype=float))
    return s * (1 - s)
