# expect: purity.changed
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
    # with centred x the two slopes do not mix
    losses = []
    mean = np.mean(x)
    if x.dtype == float:
        x -= mean
    else:
        x = x - mean
    c = b + w * mean
    for _ in range(steps):
        r = w * x + c - y
        losses.append(np.mean(r * r))
        dw, db = 2 * np.mean(r * (x + mean)), 2 * np.mean(r)
        w, b = w - learning_rate * dw, b - learning_rate * db
        c = b + w * mean
    return w, b, losses

def largest_stable_learning_rate(x):
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H).max()
