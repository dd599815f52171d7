# expect: purity.changed
# score: 9.75
import numpy as np

def sigmoid(x):
    if np.ndim(x) == 0:
        return 1 / (1 + np.exp(-x))
    if x.dtype != float:
        x = x.astype(float)
    np.negative(x, out=x)
    np.exp(x, out=x)
    return 1 / (1 + x)

def sigmoid_derivative(x):
    s = sigmoid(np.array(x, dtype=float))
    return s * (1 - s)
