# expect: neuron-slope-at-output, chain-slope-at-output
# score: 2.5
import numpy as np
from exercise_1 import sigmoid, sigmoid_derivative


def product_gradients(x, y, z):
    return z, z, x + y


def neuron_gradients(w, x):
    f = sigmoid(w[0] * x[0] + w[1] * x[1] + w[2])
    d = sigmoid_derivative(f)      # takes the input, not the output!
    return d * np.array([x[0], x[1], 1]), d * np.array([w[0], w[1]])


def chain_gradients(x, y, params):
    h1 = sigmoid(params["w1"] * x + params["b1"])
    h2 = sigmoid(params["w2"] * h1 + params["b2"])
    d2 = params["w3"] * sigmoid_derivative(h2)
    d1 = d2 * params["w2"] * sigmoid_derivative(h1)
    return {"w1": d1 * x, "b1": d1, "w2": d2 * h1, "b2": d2, "w3": h2, "b3": 1}
