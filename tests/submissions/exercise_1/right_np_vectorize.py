# expect: passed
import numpy as np
from math import exp

def _sig(v):
    return 1 / (1 + exp(-v)) if v > -700 else 0.0

sigmoid = np.vectorize(_sig, otypes=[float])

def sigmoid_derivative(x):
    return sigmoid(x) * (1 - sigmoid(x))
