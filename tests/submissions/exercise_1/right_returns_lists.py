# expect: passed
import numpy as np

def sigmoid(x):
    return (1 / (1 + np.exp(-np.array(x)))).tolist()

def sigmoid_derivative(x):
    s = np.array(sigmoid(x))
    return (s * (1 - s)).tolist()
