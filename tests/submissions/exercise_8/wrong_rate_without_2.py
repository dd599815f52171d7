# expect: rate-without-2
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
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, losses

def largest_stable_learning_rate(x):
    H = np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1]])
    return 2 / np.linalg.eigvalsh(H)[-1]
