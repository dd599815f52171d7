# expect: value.share-of-labels
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    return np.random.default_rng(3).integers(0, 2, len(X_test))
