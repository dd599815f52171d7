# expect: outcome.not-written
# score: 0
import numpy as np

def sigmoid(x):
    raise NotImplementedError

def sigmoid_derivative(x):
    raise NotImplementedError
