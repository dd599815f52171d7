# expect: purity.second-call
import numpy as np

known = {}

def sigmoid(x):
    key = np.asarray(x).tobytes()
    if key not in known:
        known[key] = 1 / (1 + np.exp(-x))
        return known[key]

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
