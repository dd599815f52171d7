# expect: gradients-parentheses
import numpy as np

def mse(w, b, x, y):
    loss = 0
    for xi, yi in zip(x, y):
        loss += (yi - w * xi - b) ** 2
    return loss / len(x)

def mse_gradients(w, b, x, y):
    r = y - w * x + b
    dw = -2 * np.mean(r * x)
    db = -2 * np.mean(r)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for i in range(steps):
        loss = mse(w, b, x, y)
        grad_w, grad_b = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * grad_w, b - learning_rate * grad_b
        losses.append(loss)
    return w, b, np.array(losses)

def largest_stable_learning_rate(x):
    a, c = 2 * np.mean(x ** 2), 2 * np.mean(x)
    lam = (a + 2 + np.sqrt((a - 2) ** 2 + 4 * c ** 2)) / 2
    return 2 / lam
