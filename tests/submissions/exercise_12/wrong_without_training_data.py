# expect: outcome.arguments
# score: 0
import numpy as np

def classify(task, X_test):
    return X_test.sum(axis=1) % 2
