# expect: value.approximate
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    h = 1e-4
    return (sigmoid(x + h) - sigmoid(x)) / h
