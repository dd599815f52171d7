# expect: value.approximate
import numpy as np

def mse(w, b, x, y):
    return np.mean((y - (w * x + b)) ** 2)

def mse_gradients(w, b, x, y):
    n = len(x)
    y_hat = w * x + b
    dw = -2 / n * np.sum((y - y_hat) * x)
    db = -2 / n * np.sum(y - y_hat)
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
    a, c = 2 * np.mean(x * x), 2 * np.mean(x)
    low, high = 0.0, 10.0
    for _ in range(25):
        eta = (low + high) / 2
        worst = 0.0
        for w, b in ((1.0, 0.7), (0.7, -1.0)):      # distances to the minimum
            for _ in range(1000):
                w, b = w - eta * (a * w + c * b), b - eta * (c * w + 2 * b)
                if abs(w) + abs(b) > 100:
                    break
            worst = max(worst, abs(w) + abs(b))
        if worst < 2:
            low = eta
        else:
            high = eta
    return low
