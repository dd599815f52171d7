# expect: linear-classifier
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    A = np.column_stack([np.ones(len(X_train)), X_train])
    w = np.linalg.lstsq(A, y_train, rcond=None)[0]
    return (np.column_stack([np.ones(len(X_test)), X_test]) @ w > 0.5).astype(int)
