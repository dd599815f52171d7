# expect: passed
import numpy as np
sigma = lambda z: 1 / (1 + np.exp(-z))

def product_gradients(x, y, z):
    # jacobian of (q, z) times gradient of q*z
    J = np.array([[1, 0], [1, 0], [0, 1]], dtype=float)
    return J @ np.array([z, x + y], dtype=float)

def neuron_gradients(w, x):
    w = np.array(w, dtype=np.float64)
    x1 = np.concatenate([np.array(x, dtype=np.float64), [1.0]])
    s = sigma(np.einsum("i,i->", w, x1))
    full = s * (1 - s)
    return full * x1, (full * w)[:-1]

def chain_gradients(x, y, params):
    h1 = sigma(params["w1"] * x + params["b1"])
    h2 = sigma(params["w2"] * h1 + params["b2"])
    # three links: loss<-h2, h2<-h1, and h1's own
    links = np.array([params["w3"] * (h2 - h2 ** 2), params["w2"] * (h1 - h1 ** 2)], dtype=float)
    d2, d1 = np.cumprod(links)
    return {"w1": d1 * x, "b1": d1, "w2": d2 * h1, "b2": d2, "w3": h2, "b3": np.float64(1)}
