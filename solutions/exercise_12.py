"""Exercise 12, worked: hard cases for a linear classifier."""

import numpy as np


def classify(task, X_train, y_train, X_test):
    """The labels, 0 or 1, of the rows of X_test."""
    if task == "parity":
        return parity(X_test)
    if task == "ring":
        return ring(X_test)
    return nearest(X_train, y_train, X_test)


def step(z):
    """A perceptron's decision."""
    return np.where(z >= 0, 1, 0)


def parity(X):
    """A network of perceptrons with weights chosen by hand, as XOR was made of gates.

    Hidden unit k fires where at least k pixels are lit. With 3 lit pixels the first three fire,
    and the output weights +1, −1, +1, −1, … add up to 1; with 2 or 4 they add up to 0.
    """
    pixels = X.shape[1]
    at_least = np.arange(1, pixels + 1)
    hidden = step(X.sum(axis=1, keepdims=True) - at_least)
    output_weights = np.where(at_least % 2 == 1, 1, -1)
    return step(hidden @ output_weights - 0.5)


def ring(X):
    """The distance from the origin is the one feature that counts."""
    distance = np.sqrt((X**2).sum(axis=1))
    return ((distance >= 1) & (distance <= 2)).astype(int)


def nearest(X_train, y_train, X_test):
    """Each test sample gets the label of the training sample that is nearest to it."""
    # (k, 1, n) − (m, n): every test sample with every training sample.
    differences = X_test[:, np.newaxis] - X_train
    squared_distances = (differences**2).sum(axis=2)
    return y_train[np.argmin(squared_distances, axis=1)]
