# expect: always-one
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    # accuracy 0.5 is a start
    return [1] * len(X_test)
