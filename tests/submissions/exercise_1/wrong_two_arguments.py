# expect: outcome.arguments
# score: 4.75
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x, y):
    return y * (1 - y)
