# expect: sigmoid-doubled-argument
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-2 * x))

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
