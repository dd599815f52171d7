# expect: linear-classifier
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    A = np.c_[X_train, np.ones(len(X_train))]
    w = np.linalg.pinv(A) @ (2 * y_train - 1)
    return np.where(np.c_[X_test, np.ones(len(X_test))] @ w > 0, 1, 0)
