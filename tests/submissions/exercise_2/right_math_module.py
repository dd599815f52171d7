# expect: passed
import math


def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))


def product_gradients(x, y, z):
    return (float(z), float(z), float(x + y))


def neuron_gradients(w, x):
    w0, w1, w2 = [float(v) for v in w]
    x0, x1 = [float(v) for v in x]
    s = sigmoid(w0 * x0 + w1 * x1 + w2)
    ds = s * (1 - s)
    return [ds * x0, ds * x1, ds], [ds * w0, ds * w1]


def chain_gradients(x, y, params):
    p = {k: float(v) for k, v in params.items()}
    h1 = sigmoid(p["w1"] * float(x) + p["b1"])
    h2 = sigmoid(p["w2"] * h1 + p["b2"])
    grads = {}
    grads["b3"] = 1.0
    grads["w3"] = h2
    grads["b2"] = p["w3"] * h2 * (1 - h2)
    grads["w2"] = grads["b2"] * h1
    grads["b1"] = grads["b2"] * p["w2"] * h1 * (1 - h1)
    grads["w1"] = grads["b1"] * float(x)
    return grads
