# expect: passed
import math

def mse(w, b, x, y):
    total = 0
    for i in range(len(x)):
        total += (y[i] - (w * x[i] + b)) ** 2
    return total / len(x)

def mse_gradients(w, b, x, y):
    dw = 0
    db = 0
    n = len(x)
    for i in range(n):
        diff = y[i] - (w * x[i] + b)
        dw += -2 * diff * x[i]
        db += -2 * diff
    return dw / n, db / n

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    losses = []
    for i in range(steps):
        losses.append(mse(w, b, x, y))
        dw, db = mse_gradients(w, b, x, y)
        w -= learning_rate * dw
        b -= learning_rate * db
    return w, b, losses

def largest_stable_learning_rate(x):
    n = len(x)
    sx = 0
    sxx = 0
    for v in x:
        sx += v
        sxx += v * v
    p = 2 / n * sxx
    q = 2 / n * sx
    # eigenvalue of [[p, q], [q, 2]]
    lam = (p + 2 + math.sqrt((p - 2) ** 2 + 4 * q * q)) / 2
    return 2 / lam
