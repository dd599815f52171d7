# expect: passed
import numpy as np

def sig(z): return 1 / (1 + np.exp(-z))
def dsig(z): return sig(z) * (1 - sig(z))

def product_gradients(x, y, z):
    return z, z, x + y

def neuron_gradients(w, x):
    d = dsig(w[:2] @ x + w[2])
    return d * np.append(x, 1), d * w[:2]

def chain_gradients(x, y, params):
    w1, b1, w2, b2, w3, b3 = (params[k] for k in ("w1", "b1", "w2", "b2", "w3", "b3"))
    h1 = sig(w1 * x + b1)
    h2 = sig(w2 * h1 + b2)
    g2 = w3 * dsig(w2 * h1 + b2)
    g1 = g2 * w2 * dsig(w1 * x + b1)
    return dict(w1=g1 * x, b1=g1, w2=g2 * h1, b2=g2, w3=h2, b3=1)
