# expect: forbidden, outcome.forbidden
# score: 5.25
import numpy as np
from scipy.special import expit

def sigmoid(x):
    return expit(x)

def sigmoid_derivative(x):
    return 1 / (2 + 2 * np.cosh(x))
