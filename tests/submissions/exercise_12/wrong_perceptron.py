# expect: value.share-of-labels
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    target = 2 * y_train - 1
    w = np.zeros(1 + X_train.shape[1])
    for _ in range(10):
        for x, t in zip(X_train, target):
            change = 0.1 * (t - (1 if x @ w[1:] + w[0] >= 0 else -1))
            w[1:] += change * x
            w[0] += change
    return (X_test @ w[1:] + w[0] >= 0).astype(int)
