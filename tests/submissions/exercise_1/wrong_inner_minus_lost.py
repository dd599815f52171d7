# expect: derivative-inner-sign
# score: 4.75
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    # d/dx (1+e^-x)^-1 = -(1+e^-x)^-2 * e^-x
    return -(1 + np.exp(-x)) ** -2.0 * np.exp(-x)
