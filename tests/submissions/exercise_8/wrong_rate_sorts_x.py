# expect: purity.changed
# score: 9.9
import numpy as np

def mse(w, b, x, y):
    y_hat = w * x + b
    return np.sum((y - y_hat) ** 2) / len(x)

def mse_gradients(w, b, x, y):
    e = w * x + b - y
    return 2 * np.mean(e * x), 2 * np.mean(e)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for i in range(steps):
        loss = mse(w, b, x, y)
        grad_w, grad_b = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * grad_w, b - learning_rate * grad_b
        losses.append(loss)
    return w, b, np.array(losses)

def largest_stable_learning_rate(x):
    x.sort()
    H = 2 / len(x) * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(H)[-1]
