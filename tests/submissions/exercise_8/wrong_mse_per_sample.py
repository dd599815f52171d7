# expect: mse-per-sample
# score: 8.15
import numpy as np

def mse(w, b, x, y):
    return (y - (w * x + b)) ** 2

def mse_gradients(w, b, x, y):
    e = w * x + b - y
    return 2 * np.mean(e * x), 2 * np.mean(e)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        r = w * x + b - y
        losses.append((r ** 2).mean())
        w, b = w - learning_rate * 2 * (r * x).mean(), b - learning_rate * 2 * r.mean()
    return w, b, losses

def largest_stable_learning_rate(x):
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H).max()
