# expect: descent-w-first
# score: 6.55
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
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        w = w - learning_rate * mse_gradients(w, b, x, y)[0]
        b = b - learning_rate * mse_gradients(w, b, x, y)[1]
    return w, b, losses

def largest_stable_learning_rate(x):
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
