# expect: chain-output-for-slope-in-w2
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
    w1, b1, w2, b2, w3, b3 = params["w1"], params["b1"], params["w2"], params["b2"], params["w3"], params["b3"]
    sig = sigmoid
    h2_in = w2 * sig(w1 * x + b1) + b2
    slope2 = sig(h2_in) * (1 - sig(h2_in))
    slope1 = sig(w1 * x + b1) * (1 - sig(w1 * x + b1))
    return {
        "w3": sig(w2 * sig(w1 * x + b1) + b2),
        "b3": 1,
        "w2": w3 * sig(h2_in) * sig(w1 * x + b1),     # as in the notes
        "b2": w3 * slope2,
        "w1": w3 * slope2 * w2 * slope1 * x,
        "b1": w3 * slope2 * w2 * slope1,
    }
