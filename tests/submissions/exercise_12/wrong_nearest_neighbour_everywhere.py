# expect: nearest-pattern
# score: 6.8
import numpy as np

def classify(task, X_train, y_train, X_test):
    d = np.linalg.norm(X_test[:, None] - X_train, axis=2)
    return y_train[d.argmin(axis=1)]
