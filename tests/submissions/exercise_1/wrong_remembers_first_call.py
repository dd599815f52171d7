# expect: value.mismatch
import numpy as np

# cache, so that it is fast
_s = {}

def sigmoid(x):
    shape = np.shape(x)
    if shape not in _s:
        _s[shape] = 1 / (1 + np.exp(-x))
    return _s[shape]

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
