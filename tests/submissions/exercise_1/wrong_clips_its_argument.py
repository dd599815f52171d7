# expect: purity.changed
# score: 9.5
import numpy as np
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    x[x > 500] = 500
    x[x < -500] = -500
    return 1 / (1 + np.exp(-x))
def sigmoid_derivative(x):
    s = sigmoid(x)
    return s * sigmoid(-np.asarray(x))
