# expect: sigmoid-hard
import numpy as np

def sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
