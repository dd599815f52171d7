# expect: value.mismatch
# score: 9.75
import numpy as np

def mse(w, b, x, y):
    return np.mean((y - (w * x + b)) ** 2)

def mse_gradients(w, b, x, y):
    n = len(x)
    y_hat = w * x + b
    dw = -2 / n * np.sum((y - y_hat) * x)
    db = -2 / n * np.sum(y - y_hat)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    p = np.array([w, b])
    losses = []
    for _ in range(steps):
        losses.append(mse(p[0], p[1], x, y))
        dw, db = mse_gradients(p[0], p[1], x, y)
        p[0] = p[0] - learning_rate * dw
        p[1] = p[1] - learning_rate * db
    return p[0], p[1], losses

def largest_stable_learning_rate(x):
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
