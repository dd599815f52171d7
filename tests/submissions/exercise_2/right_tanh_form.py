# expect: passed
import numpy as np

def s(z):
    return (np.tanh(z / 2) + 1) / 2

def ds(z):
    return (1 - np.tanh(z / 2) ** 2) / 4

def product_gradients(x, y, z):
    return np.array([z, z, x + y])

def neuron_gradients(w, x):
    a = np.dot(w, [x[0], x[1], 1])
    return ds(a) * np.array([x[0], x[1], 1]), ds(a) * np.array([w[0], w[1]])

def chain_gradients(x, y, params):
    z1 = params["w1"] * x + params["b1"]
    z2 = params["w2"] * s(z1) + params["b2"]
    b2 = params["w3"] * ds(z2)
    b1 = b2 * params["w2"] * ds(z1)
    return {"w1": b1 * x, "w2": b2 * s(z1), "w3": s(z2), "b1": b1, "b2": b2, "b3": 1.0}
