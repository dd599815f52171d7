# expect: mse-root
import numpy as np

def mse(w, b, x, y):
    r = y - (w * x + b)
    return np.sqrt(np.mean(r ** 2))

def mse_gradients(w, b, x, y):
    n = len(x)
    y_hat = w * x + b
    dw = -2 / n * np.sum((y - y_hat) * x)
    db = -2 / n * np.sum(y - y_hat)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, losses

def largest_stable_learning_rate(x):
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H).max()
