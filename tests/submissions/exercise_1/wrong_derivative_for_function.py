# expect: sigmoid-is-derivative
# score: 5.25
import numpy as np

def sigmoid(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
