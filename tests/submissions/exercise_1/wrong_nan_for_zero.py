# expect: value.nan
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    # even function: divide by x and multiply again
    e = np.exp(-np.abs(x))
    return x * (e / (1 + e) ** 2) / x
