# expect: passed
import numpy as np

def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))

def sigmoid_derivative(x):
    # 1 / (2 + e^x + e^-x), and e^x + e^-x = 2 cosh x
    with np.errstate(over="ignore"):
        return 1 / (2 + 2 * np.cosh(x))
