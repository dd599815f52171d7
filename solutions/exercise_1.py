"""Exercise 1, worked: the sigmoid and its derivative."""

import numpy as np


def sigmoid(x):
    """σ(x) = 1 / (1 + e⁻ˣ), with an exponential that never overflows.

    For x < 0 the fraction is multiplied by eˣ above and below: eˣ / (1 + eˣ).
    """
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1, e) / (1 + e)


def sigmoid_derivative(x):
    """σ′(x) = e⁻ˣ / (1 + e⁻ˣ)² = σ(x) · (1 − σ(x)), and 1 − σ(x) = σ(−x)."""
    return sigmoid(x) * sigmoid(np.negative(x))
