# expect: passed
import numpy as np

def mse(w, b, x, y):
    return ((y - w * x - b) ** 2).mean()

def mse_gradients(w, b, x, y):
    r = y - w * x - b
    return (-2 * r * x).mean(), (-2 * r).mean()

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        loss = mse(w, b, x, y)
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
        losses.append(loss)
    return w, b, losses

def largest_stable_learning_rate(x):
    H = np.array([[np.mean(x ** 2), np.mean(x)], [np.mean(x), 1.0]]) * 2
    v = np.array([1.0, 0.3])
    for _ in range(500):
        v = H @ v
        v = v / np.linalg.norm(v)
    return 2 / (v @ H @ v)
