# expect: descent-last-loss-only
import numpy as np

def mse(w, b, x, y):
    loss = 0
    for xi, yi in zip(x, y):
        loss += (yi - w * xi - b) ** 2
    return loss / len(x)

def mse_gradients(w, b, x, y):
    n = len(x)
    y_hat = w * x + b
    dw = -2 / n * np.sum((y - y_hat) * x)
    db = -2 / n * np.sum(y - y_hat)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    for _ in range(steps):
        loss = mse(w, b, x, y)
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, loss

def largest_stable_learning_rate(x):
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H).max()
