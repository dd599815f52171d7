# expect: passed
import numpy as np

def mse(w, b, x, y):
    return np.average(np.square(np.polyval([w, b], x) - y))

def mse_gradients(w, b, x, y):
    r = np.polyval([w, b], x) - y
    return 2 * np.average(r * x), 2 * np.average(r)

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    points = [(w, b)]
    for _ in range(steps):
        p = np.array(points[-1], dtype=float)
        points.append(tuple(p - learning_rate * np.array(mse_gradients(*p, x, y))))
    losses = [mse(*p, x, y) for p in points[:-1]]
    return *points[-1], losses

def largest_stable_learning_rate(x):
    a, c = 2 * np.average(np.square(x)), 2 * np.average(x)
    # characteristic polynomial of the Hessian
    return 2 / max(np.roots([1, -(a + 2), 2 * a - c * c]))
