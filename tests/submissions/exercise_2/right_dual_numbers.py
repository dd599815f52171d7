# expect: passed
import numpy as np

# forward mode: carry (value, vector of derivatives) along

def sigmoid(v, d):
    s = 1 / (1 + np.exp(-v))
    return s, s * (1 - s) * d

def product_gradients(x, y, z):
    ex, ey, ez = np.eye(3)
    q, dq = x + y, ex + ey
    df = dq * z + q * ez
    return tuple(df)

def neuron_gradients(w, x):
    e = np.eye(5)
    a = w[0] * x[0] + w[1] * x[1] + w[2]
    da = e[0] * x[0] + e[3] * w[0] + e[1] * x[1] + e[4] * w[1] + e[2]
    _, df = sigmoid(a, da)
    return df[:3], df[3:]

def chain_gradients(x, y, params):
    names = list(params)
    e = dict(zip(names, np.eye(6)))
    h, dh = x, 0
    for n in "12":
        w, b = "w" + n, "b" + n
        z = params[w] * h + params[b]
        dz = e[w] * h + params[w] * dh + e[b]
        h, dh = sigmoid(z, dz)
    dloss = e["w3"] * h + params["w3"] * dh + e["b3"]
    return dict(zip(names, dloss))
