# expect: passed
import numpy as np

def sigmoid(x):
    out = np.array(x, dtype=float)   # a copy
    out *= -1
    np.exp(out, out=out)
    out += 1
    return np.reciprocal(out)

def sigmoid_derivative(x):
    s = sigmoid(x)
    d = 1 - s
    d *= s
    return d
