# expect: rate-by-row-sum
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
    for i in range(steps):
        loss = mse(w, b, x, y)
        grad_w, grad_b = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * grad_w, b - learning_rate * grad_b
        losses.append(loss)
    return w, b, np.array(losses)

def largest_stable_learning_rate(x):
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.abs(H).sum(axis=1).max()
