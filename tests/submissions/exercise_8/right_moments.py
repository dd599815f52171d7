# expect: passed
import numpy as np

# everything multiplied out: only five sums are needed

def sums(x, y):
    x = np.asarray(x, dtype=np.float64)
    y = np.asarray(y, dtype=np.float64)
    return np.mean(x), np.mean(y), np.mean(x * x), np.mean(x * y), np.mean(y * y)

def mse(w, b, x, y):
    mx, my, mxx, mxy, myy = sums(x, y)
    return w * w * mxx + b * b + myy + 2 * w * b * mx - 2 * w * mxy - 2 * b * my

def mse_gradients(w, b, x, y):
    mx, my, mxx, mxy, myy = sums(x, y)
    return 2 * (w * mxx + b * mx - mxy), 2 * (w * mx + b - my)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    while len(losses) < steps:
        losses.append(mse(w, b, x, y))
        g = mse_gradients(w, b, x, y)
        w, b = w - learning_rate * g[0], b - learning_rate * g[1]
    return w, b, losses

def largest_stable_learning_rate(x):
    mx, _, mxx, _, _ = sums(x, x)
    t = 2 * mxx + 2
    det = 4 * (mxx - mx ** 2)
    lam = t / 2 + np.sqrt(t ** 2 / 4 - det)
    return 2 / lam
