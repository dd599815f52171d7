# expect: purity.changed
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def product_gradients(x, y, z):
    x += y
    return z, z, x


def neuron_gradients(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    d = f * (1 - f)
    return np.array([d * x[0], d * x[1], d]), np.array([d * w[0], d * w[1]])


def chain_gradients(x, y, params):
    h1 = sigmoid(params["w1"] * x + params["b1"])
    h2 = sigmoid(params["w2"] * h1 + params["b2"])
    d2 = params["w3"] * h2 * (1 - h2)
    d1 = d2 * params["w2"] * h1 * (1 - h1)
    return {"w1": d1 * x, "b1": d1, "w2": d2 * h1, "b2": d2, "w3": h2, "b3": 1}
