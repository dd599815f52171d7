"""Exercise 2, worked: the chain rule."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def product_gradients(x, y, z):
    """f = q·z with q = x + y: each factor's slope is the other factor."""
    q = x + y
    df_dq = z
    df_dz = q
    dq_dx = dq_dy = 1  # a sum passes the slope on unchanged
    return df_dq * dq_dx, df_dq * dq_dy, df_dz


def neuron_gradients(w, x):
    """f = σ(a) with a = w0·x0 + w1·x1 + w2: every entry is σ′(a) times the slope of a."""
    a = w[0] * x[0] + w[1] * x[1] + w[2]
    f = sigmoid(a)
    df_da = f * (1 - f)
    da_dw = np.array([x[0], x[1], 1])
    da_dx = np.array([w[0], w[1]])
    return df_da * da_dw, df_da * da_dx


def chain_gradients(x, y, params):
    """Forwards to know every value, then backwards from the loss, one link at a time.

    y is a constant: it moves the loss, but no slope.
    """
    z1 = params["w1"] * x + params["b1"]
    h1 = sigmoid(z1)
    z2 = params["w2"] * h1 + params["b2"]
    h2 = sigmoid(z2)

    at_h2 = params["w3"]  # the slope of the loss along h2
    at_z2 = at_h2 * h2 * (1 - h2)
    at_h1 = at_z2 * params["w2"]
    at_z1 = at_h1 * h1 * (1 - h1)
    return {
        "w1": at_z1 * x,
        "b1": at_z1,
        "w2": at_z2 * h1,
        "b2": at_z2,
        "w3": h2,
        "b3": 1.0,
    }
