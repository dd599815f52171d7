# expect: precision.inexact
# score: 8
import numpy as np
def sigmoid(x):
    return 1/(1+np.exp(-np.clip(x,-15,15)))
def sigmoid_derivative(x):
    return sigmoid(x)*(1-sigmoid(x))
