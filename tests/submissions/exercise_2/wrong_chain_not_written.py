# expect: outcome.not-written
# score: 6
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def product_gradients(x, y, z):
    return z, z, x + y

def neuron_gradients(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    d = f * (1 - f)
    return np.array([d * x[0], d * x[1], d]), np.array([d * w[0], d * w[1]])

def chain_gradients(x, y, params):
    raise NotImplementedError
