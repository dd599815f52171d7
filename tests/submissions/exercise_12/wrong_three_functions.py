# expect: outcome.missing
# score: 0
import numpy as np

def parity(X):
    return X.sum(axis=1) % 2

def ring(X):
    r = np.linalg.norm(X, axis=1)
    return (r >= 1) & (r <= 2)
