# expect: outcome.forbidden
import numpy as np

def mse(w, b, x, y):
    return np.mean((y - (w * x + b)) ** 2)

def mse_gradients(w, b, x, y):
    import sympy
    W, B = sympy.symbols("W B")
    L = sum((yi - (W * xi + B)) ** 2 for xi, yi in zip(x, y)) / len(x)
    at = {W: w, B: b}
    return float(L.diff(W).subs(at)), float(L.diff(B).subs(at))

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
