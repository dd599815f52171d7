# expect: passed
import numpy as np

def product_gradients(x, y, z):
    grad = dict(x=0, y=0, z=0)
    # backwards through f = q * z
    dq = z
    grad["z"] += x + y
    # backwards through q = x + y
    for name in "xy":
        grad[name] += dq
    return tuple(grad[n] for n in "xyz")

def neuron_gradients(w, x):
    inputs = np.ones(3)
    inputs[:2] = x
    total = 0.0
    for i in range(3):
        total += w[i] * inputs[i]
    f = 1 / (1 + np.exp(-total))
    df_dw = np.zeros(3)
    df_dx = np.zeros(2)
    for i in range(3):
        df_dw[i] = f * (1 - f) * inputs[i]
    for i in range(2):
        df_dx[i] = f * (1 - f) * w[i]
    return df_dw, df_dx

def chain_gradients(x, y, params):
    h = [x]
    for i in (1, 2):
        z = params[f"w{i}"] * h[-1] + params[f"b{i}"]
        h.append(1 / (1 + np.exp(-z)))
    grads = {}
    delta = 1.0
    for i in (3, 2, 1):
        if i < 3:
            delta = delta * h[i] * (1 - h[i])
        grads[f"w{i}"] = delta * h[i - 1]
        grads[f"b{i}"] = delta
        delta = delta * params[f"w{i}"]
    return grads
