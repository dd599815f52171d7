# expect: passed
import numpy as np

# sigmoid(x) = (1 + tanh(x/2)) / 2

def sigmoid(x):
    return 0.5 * (1.0 + np.tanh(x / 2))

def sigmoid_derivative(x):
    t = np.tanh(x / 2)
    return (1 - t ** 2) / 4
