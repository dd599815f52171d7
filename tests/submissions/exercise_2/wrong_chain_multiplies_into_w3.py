# expect: purity.changed
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
    h1 = sigmoid(params["w1"] * x + params["b1"])
    h2 = sigmoid(params["w2"] * h1 + params["b2"])
    grads = {"b3": 1.0, "w3": h2}
    d = params["w3"]
    d *= h2 * (1 - h2)
    grads["b2"] = 1.0 * d
    grads["w2"] = d * h1
    d *= params["w2"] * h1 * (1 - h1)
    grads["b1"] = 1.0 * d
    grads["w1"] = d * x
    return grads
