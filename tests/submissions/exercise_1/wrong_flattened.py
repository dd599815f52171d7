# expect: shape.mismatch
# score: 0
import numpy as np

def sigmoid(x):
    x = np.ravel(x)
    return np.array([1 / (1 + np.exp(-v)) for v in x])

def sigmoid_derivative(x):
    s = sigmoid(x)
    return s * (1 - s)
