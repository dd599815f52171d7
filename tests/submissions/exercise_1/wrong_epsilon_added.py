# expect: precision.inexact
import numpy as np

EPS = 1e-8

def sigmoid(x):
    return 1 / (1 + np.exp(-x) + EPS)

def sigmoid_derivative(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
