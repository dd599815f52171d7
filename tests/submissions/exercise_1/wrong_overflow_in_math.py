# expect: outcome.raised
# score: 9
import numpy as np

import math

@np.vectorize
def sigmoid(x):
    return 1 / (1 + math.exp(-x))

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
