# expect: passed
import numpy as np

def mse(w, b, x, y):
    e = y - (w * x + b)
    return np.einsum("i,i->", e, e) / e.size

def mse_gradients(w, b, x, y):
    e = y - (w * x + b)
    dw = -2 / e.size * np.einsum("i,i->", e, x)
    db = -2 / e.size * np.einsum("i->", e)
    return [dw, db]

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    history = np.zeros(steps)
    for k in range(steps):
        history[k] = mse(w, b, x, y)
        dw, db = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return [w, b, history]

def largest_stable_learning_rate(x):
    A = np.vstack([x, np.ones_like(x, dtype=float)]).T
    s = np.linalg.svd(A, compute_uv=False)
    return len(x) / s[0] ** 2
