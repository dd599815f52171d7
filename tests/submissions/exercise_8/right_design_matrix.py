# expect: passed
import numpy as np

def design(x):
    return np.column_stack([x, np.ones(len(x))])

def mse(w, b, x, y):
    r = design(x) @ np.array([w, b]) - y
    return r @ r / len(x)

def mse_gradients(w, b, x, y):
    A = design(x)
    r = A @ np.array([w, b]) - y
    return 2 / len(x) * A.T @ r      # an array of two

def gradient_descent(x, y, w, b, *, learning_rate, steps):
    theta = np.array([w, b], dtype=float)
    losses = []
    for _ in range(steps):
        losses.append(mse(*theta, x, y))
        theta = theta - learning_rate * mse_gradients(*theta, x, y)
    return theta[0], theta[1], np.array(losses)

def largest_stable_learning_rate(x):
    A = design(x)
    H = 2 / len(x) * A.T @ A
    return 2 / np.max(np.linalg.eigvals(H))
