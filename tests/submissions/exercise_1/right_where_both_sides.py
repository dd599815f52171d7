# expect: passed
import numpy as np

np.seterr(all="ignore")

def sigmoid(x):
    return np.where(np.asarray(x) > 0, 1 / (1 + np.exp(-x)), 1 - 1 / (1 + np.exp(x)))

def sigmoid_derivative(x):
    return sigmoid(x) * sigmoid(-np.asarray(x))
