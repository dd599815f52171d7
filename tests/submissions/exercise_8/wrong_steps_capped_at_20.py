# expect: shape.mismatch
import numpy as np


def mse(w, b, x, y):
    """The mean of the squared errors."""
    error = w * x + b - y
    return np.mean(error**2)


def mse_gradients(w, b, x, y):
    """Each term is error², with slope 2·error; the error changes by x with w and by 1 with b.

    With the error as prediction minus target no minus sign is left over.
    """
    error = w * x + b - y
    return np.mean(2 * error * x), np.mean(2 * error)


def gradient_descent(x, y, w, b, *, learning_rate, steps):
    """Downhill from (w, b), `steps` times."""
    losses = []
    for _ in range(min(steps, 20)):
        losses.append(mse(w, b, x, y))  # it belongs to the point before the step
        # Both slopes first, then both updates: db must not see the new w.
        dw, db = mse_gradients(w, b, x, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, losses


def largest_stable_learning_rate(x):
    """2/λ: along an eigenvector of the Hessian a step multiplies the distance to the minimum by
    1 − η·λ, which stays between −1 and 1 as long as η < 2/λ."""
    # dw and db, differentiated once more by w and by b; the error itself has dropped out.
    hessian = np.array(
        [
            [np.mean(2 * x * x), np.mean(2 * x)],
            [np.mean(2 * x), 2],
        ]
    )
    # eigvalsh is for symmetric matrices; it sorts from the smallest to the largest.
    return 2 / np.linalg.eigvalsh(hessian)[-1]
