# expect: sigmoid-parentheses
# score: 5.25
import numpy as np

def sigmoid(x):
    return 1 / 1 + np.exp(-x)

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
