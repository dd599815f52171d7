# expect: passed
from enum import Enum, StrEnum
import numpy as np
class P(StrEnum):
    W1 = "w1"; B1 = "b1"; W2 = "w2"; B2 = "b2"; W3 = "w3"; B3 = "b3"
def sigmoid(t): return 1 / (1 + np.exp(-t))
def product_gradients(x, y, z):
    return z, z, x + y
def neuron_gradients(w, x):
    s = sigmoid(w[0]*x[0] + w[1]*x[1] + w[2])
    d = s * (1 - s)
    return d * np.r_[x, 1.0], d * w[:2]
def chain_gradients(x, y, params):
    h1 = sigmoid(params[P.W1] * x + params[P.B1]); h2 = sigmoid(params[P.W2] * h1 + params[P.B2])
    d2 = params[P.W3] * h2 * (1 - h2); d1 = d2 * params[P.W2] * h1 * (1 - h1)
    return {P.W1: d1 * x, P.B1: d1, P.W2: d2 * h1, P.B2: d2, P.W3: h2, P.B3: 1}
