# expect: passed
from math import fsum, hypot

def residuals(w, b, x, y):
    return [float(w) * float(u) + float(b) - float(v) for u, v in zip(x, y)]

def mse(w, b, x, y):
    return fsum(r * r for r in residuals(w, b, x, y)) / len(x)

def mse_gradients(w, b, x, y):
    rs = residuals(w, b, x, y)
    dw = 2 * fsum(r * float(u) for r, u in zip(rs, x)) / len(x)
    db = 2 * fsum(rs) / len(x)
    return dw, db

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for _ in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, tuple(losses)

def largest_stable_learning_rate(x):
    m2 = fsum(float(u) ** 2 for u in x) / len(x)
    m1 = fsum(float(u) for u in x) / len(x)
    # 2 / lambda with lambda = (1 + m2) + hypot(m2 - 1, 2 m1)
    return 2 / (1 + m2 + hypot(m2 - 1, 2 * m1))
