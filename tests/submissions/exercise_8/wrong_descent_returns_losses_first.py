# expect: value.mismatch
import numpy as np

def mse(w, b, x, y):
    loss = 0
    for xi, yi in zip(x, y):
        loss += (yi - w * xi - b) ** 2
    return loss / len(x)

def mse_gradients(w, b, x, y):
    dw = db = 0
    for xi, yi in zip(x, y):
        e = w * xi + b - yi
        dw += 2 * e * xi
        db += 2 * e
    return dw / len(x), db / len(x)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return losses, w, b

def largest_stable_learning_rate(x):
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
