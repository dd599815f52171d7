# expect: passed
import numpy as np

def product_gradients(x, y, z):
    g = np.zeros(3)
    g[:2] += z
    g[2] += x
    g[2] += y
    return g.tolist()

def neuron_gradients(w, x):
    v = x.astype(float)
    v *= w[:2]
    a = v.sum() + w[2]
    a = np.exp(-a)
    d = a / (1 + a) ** 2
    dx = w[:2].astype(float)
    dx *= d
    dw = np.hstack((x, [1.0]))
    dw *= d
    return dw, dx

def chain_gradients(x, y, params):
    g = dict.fromkeys(params, 0.0)
    p = params.copy()
    p["h1"] = 1 / (1 + np.exp(-(p["w1"] * x + p["b1"])))
    p["h2"] = 1 / (1 + np.exp(-(p["w2"] * p["h1"] + p["b2"])))
    g["w3"] += p["h2"]
    g["b3"] += 1
    g["b2"] += p["w3"] * p["h2"] * (1 - p["h2"])
    g["w2"] += g["b2"] * p["h1"]
    g["b1"] += g["b2"] * p["w2"] * p["h1"] * (1 - p["h1"])
    g["w1"] += g["b1"] * x
    return g
