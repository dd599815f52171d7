# expect: precision.float32
# score: 9.5
import numpy as np

def mse(w, b, x, y):
    y_hat = w * x + b
    return np.sum((y - y_hat) ** 2) / len(x)

def mse_gradients(w, b, x, y):
    x, y = x.astype(np.float32), y.astype(np.float32)
    r = y - (np.float32(w) * x + np.float32(b))
    dw = -2 * np.mean(r * x, dtype=np.float32)
    db = -2 * np.mean(r, dtype=np.float32)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        r = w * x + b - y
        losses.append((r ** 2).mean())
        w, b = w - learning_rate * 2 * (r * x).mean(), b - learning_rate * 2 * r.mean()
    return w, b, losses

def largest_stable_learning_rate(x):
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
