# expect: passed
import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def slope(z):
    return sigmoid(z) * sigmoid(-z)


def product_gradients(x, y, z):
    return np.array(z), np.array(z), np.array(x + y)


def neuron_gradients(w, x):
    a = np.sum(w[:-1] * x) + w[-1]
    dw = np.empty(3)
    dw[:-1] = x
    dw[-1] = 1
    dw *= slope(a)
    dx = slope(a) * w[:-1]
    return dw, dx


def chain_gradients(x, y, params):
    params = dict(params)
    z1 = np.asarray(params["w1"] * x + params["b1"])
    z2 = np.asarray(params["w2"] * sigmoid(z1) + params["b2"])
    out = {name: np.zeros(()) for name in params}
    out["b3"] += 1
    out["w3"] += sigmoid(z2)
    out["b2"] += params["w3"] * slope(z2)
    out["w2"] += out["b2"] * sigmoid(z1)
    out["b1"] += out["b2"] * params["w2"] * slope(z1)
    out["w1"] += out["b1"] * x
    return out
