# expect: sigmoid-sign-of-exponent
import numpy as np

def sigmoid(x):
    e = np.exp(-np.clip(x, -500, 500))
    return e / (1 + e)

def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))
