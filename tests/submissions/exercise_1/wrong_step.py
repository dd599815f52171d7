# expect: sigmoid-step
import numpy as np

def sigmoid(x):
    return np.asarray(x) >= 0

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
