# expect: check.after-values
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    # a hidden layer without an activation is still a line
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(X_train.shape[1], 8)), rng.normal(size=8)
    for _ in range(200):
        h = X_train @ W1
        p = 1 / (1 + np.exp(-h @ W2))
        d = (p - y_train) / len(y_train)
        W1, W2 = W1 - 0.5 * X_train.T @ np.outer(d, W2), W2 - 0.5 * h.T @ d
    return (X_test @ W1 @ W2 > 0).astype(int)
