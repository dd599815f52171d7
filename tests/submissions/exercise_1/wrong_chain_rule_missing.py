# expect: derivative-chain-rule-missing
# score: 4.75
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    u = 1 + np.exp(-x)
    return -1 / u ** 2
