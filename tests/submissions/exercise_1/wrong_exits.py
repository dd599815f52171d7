# expect: killed, outcome.killed-exited
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

import os

def sigmoid_derivative(x):
    os._exit(0)
