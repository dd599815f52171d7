# expect: passed
import numpy as np

def sigmoid(x):
    # exp overflows past 709, e^-700 is as good as 0
    x = np.clip(x, -700, 700)
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    a = np.abs(np.clip(x, -700, 700))
    return np.exp(-a) / (1 + np.exp(-a)) ** 2
