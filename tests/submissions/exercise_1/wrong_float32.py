# expect: precision.float32
import numpy as np

def sigmoid(x):
    x = np.asarray(x, dtype=np.float32)
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    s = sigmoid(x)
    return s * (1 - s)
