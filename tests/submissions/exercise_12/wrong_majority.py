# expect: always-zero
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    share = y_train.mean()
    return np.full(len(X_test), 1 if share > 0.5 else 0)
