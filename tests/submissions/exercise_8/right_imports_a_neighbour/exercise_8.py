# expect: passed
import numpy as np
from regression import mse, mse_gradients

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, losses

def largest_stable_learning_rate(x):
    X = np.c_[x, np.ones(len(x))]
    return len(x) / np.linalg.norm(X, 2) ** 2
