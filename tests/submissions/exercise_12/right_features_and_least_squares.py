# expect: passed
import numpy as np

# a linear model after all, but on features that are not linear

def features(task, X):
    if task == "parity":
        n = X.sum(axis=1)
        return np.stack([np.ones(len(X)), np.cos(np.pi * n)], axis=1)
    if task == "ring":
        r = np.sqrt((X ** 2).sum(axis=1))
        return np.stack([np.ones(len(X)), r, r ** 2], axis=1)
    x, y = X[:, 0] / 4, X[:, 1] / 4
    return np.stack([x ** i * y ** j for i in range(8) for j in range(8 - i)], axis=1)

def classify(task, X_train, y_train, X_test):
    w, *_ = np.linalg.lstsq(features(task, X_train), y_train, rcond=None)
    return np.where(features(task, X_test) @ w > 0.5, 1, 0)
