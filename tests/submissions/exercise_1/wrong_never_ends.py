# expect: timed_out, outcome.timed-out
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    h = 1.0
    while True:            # until it no longer changes
        h = h / 2
        d = (sigmoid(x + h) - sigmoid(x)) / h
        if np.all(d == (sigmoid(x + h / 2) - sigmoid(x)) / (h / 2)) and h < 0:
            return d
