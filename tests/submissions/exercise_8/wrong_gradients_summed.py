# expect: gradients-summed
import numpy as np

def mse(w, b, x, y):
    y_hat = w * x + b
    return np.sum((y - y_hat) ** 2) / len(x)

def mse_gradients(w, b, x, y):
    r = y - (w * x + b)
    dw = -2 * np.sum(r * x)
    db = -2 * np.sum(r)
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
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
