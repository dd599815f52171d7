# expect: value.approximate
import numpy as np

def sigmoid(x):
    return np.round(1 / (1 + np.exp(-x)), 5)

def sigmoid_derivative(x):
    return np.round(sigmoid(x) * (1 - sigmoid(x)), 5)
