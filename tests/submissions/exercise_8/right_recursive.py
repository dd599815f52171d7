# expect: passed
import numpy as np

def _r(w, b, x, y):
    return y - (w * x + b)

mse = lambda w, b, x, y: np.dot(_r(w, b, x, y), _r(w, b, x, y)) / np.size(x)

def mse_gradients(w, b, x, y):
    r = _r(w, b, x, y)
    return -2 * np.dot(r, x) / np.size(x), -2 * r.sum() / np.size(x)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    if steps == 0:
        return w, b, []
    dw, db = mse_gradients(w, b, x, y)
    new_w, new_b, rest = gradient_descent(
        x, y, w - learning_rate * dw, b - learning_rate * db,
        learning_rate=learning_rate, steps=steps - 1)
    return new_w, new_b, [mse(w, b, x, y)] + rest

def largest_stable_learning_rate(x):
    # bisection on det(l*I - H): above both roots it is positive and rising
    a, c = 2 * np.mean(np.multiply(x, x)), 2 * np.mean(x)
    low, high = max(a, 2.0), a + 2.0
    for _ in range(200):
        mid = (low + high) / 2
        if (mid - a) * (mid - 2) - c * c > 0:
            high = mid
        else:
            low = mid
    return 2 / high
