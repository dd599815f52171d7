# expect: passed
import numpy as np

def mse(w, b, x, y):
    r = np.array(x, dtype=np.float64)
    r *= w
    r += b
    r -= y
    r *= r
    return r.sum() / r.size

def mse_gradients(w, b, x, y):
    r = np.array(x, dtype=np.float64)
    r *= w
    r += b
    r -= y
    r *= 2.0 / r.size
    db = r.sum()
    r *= x
    return np.array([r.sum(), db])

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    p = np.array([w, b], dtype=np.float64)
    losses = []
    for _ in range(steps):
        losses += [mse(p[0], p[1], x, y)]
        p -= learning_rate * mse_gradients(p[0], p[1], x, y)
    return p[0], p[1], losses

def largest_stable_learning_rate(x):
    n = len(x)
    H = np.zeros((2, 2))
    H[0, 0] = 2 * np.dot(x, x) / n
    H[0, 1] = H[1, 0] = 2 * np.sum(x) / n
    H[1, 1] = 2
    values, vectors = np.linalg.eigh(H)
    return 2 / values.max()
