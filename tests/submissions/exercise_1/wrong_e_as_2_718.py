# expect: value.approximate
import numpy as np

e = 2.718

def sigmoid(x):
    return 1 / (1 + e ** (-np.asarray(x, dtype=float)))

def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))
