# expect: type.not-a-number
# score: 0
import numpy as np

def classify(task, X_train, y_train, X_test):
    return ["odd" if sum(x) % 2 else "even" for x in X_test]
