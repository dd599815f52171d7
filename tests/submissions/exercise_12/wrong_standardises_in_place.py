# expect: purity.changed
# score: 9.8
import numpy as np

def classify(task, X_train, y_train, X_test):
    if task == "parity":
        return X_test.sum(axis=1) % 2
    if task == "ring":
        X_test **= 2
        return (X_test.sum(axis=1) >= 1) & (X_test.sum(axis=1) <= 4)
    d = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    return y_train[d.argmin(axis=1)]
