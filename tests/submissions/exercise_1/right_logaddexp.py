# expect: passed
import numpy as np

def sigmoid(x):
    # log(1 + e^-x) without overflow
    return np.exp(-np.logaddexp(0, -x))

def sigmoid_derivative(x):
    return np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x))
