# expect: outcome.missing
import numpy as np

def mse(w, b, x, y):
    return np.mean((y - (w * x + b)) ** 2)

def mse_gradient(w, b, x, y):
    r = w * x + b - y
    return 2 * np.mean(r * x), 2 * np.mean(r)

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
