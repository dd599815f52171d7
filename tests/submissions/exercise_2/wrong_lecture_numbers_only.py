# expect: value.mismatch
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# the values of the slides

def product_gradients(x, y, z):
    return -4, -4, 3

def neuron_gradients(w, x):
    return [-0.1959, -0.3918, 0.1959], [0.3918, -0.5877]

def chain_gradients(x, y, params):
    h1 = sigmoid(params["w1"] * x + params["b1"])
    h2 = sigmoid(params["w2"] * h1 + params["b2"])
    d2 = params["w3"] * h2 * (1 - h2)
    d1 = d2 * params["w2"] * h1 * (1 - h1)
    return {"w1": d1 * x, "b1": d1, "w2": d2 * h1, "b2": d2, "w3": h2, "b3": 1}
