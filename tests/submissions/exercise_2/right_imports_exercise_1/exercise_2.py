# expect: passed
import numpy as np
from exercise_1 import sigmoid, sigmoid_derivative


def product_gradients(x, y, z):
    return z, z, x + y


def neuron_gradients(w, x):
    a = w[0] * x[0] + w[1] * x[1] + w[2]
    return (
        sigmoid_derivative(a) * np.array([x[0], x[1], 1]),
        sigmoid_derivative(a) * np.array([w[0], w[1]]),
    )


def chain_gradients(x, y, params):
    z1 = params["w1"] * x + params["b1"]
    z2 = params["w2"] * sigmoid(z1) + params["b2"]
    d2 = params["w3"] * sigmoid_derivative(z2)
    d1 = d2 * params["w2"] * sigmoid_derivative(z1)
    return {"w1": d1 * x, "b1": d1, "w2": d2 * sigmoid(z1), "b2": d2, "w3": sigmoid(z2), "b3": 1}
