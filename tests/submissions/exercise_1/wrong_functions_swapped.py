# expect: sigmoid-is-derivative, derivative-is-function
# score: 0
import numpy as np

def sigmoid_derivative(x):
    return 1 / (1 + np.exp(-x))

def sigmoid(x):
    return sigmoid_derivative(x) * (1 - sigmoid_derivative(x))
