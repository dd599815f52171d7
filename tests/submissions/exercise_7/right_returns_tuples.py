# expect: passed
from functools import reduce
import numpy as np

def softmax(z):
    e = np.exp(np.subtract(z, np.max(z, axis=-1, keepdims=True)))
    return tuple(e / e.sum(axis=-1, keepdims=True))

def softmax_jacobian(z):
    p = softmax(z)
    return tuple(tuple(-a * b + (a if i == j else 0) for j, b in enumerate(p)) for i, a in enumerate(p))

def one_hot(labels, classes):
    return tuple(tuple(int(c == label) for c in range(classes)) for label in labels)

def lse(row):
    return reduce(np.logaddexp, row)

def cross_entropy(logits, labels):
    return np.array(sum(lse(z) - z[y] for z, y in zip(logits, labels)) / len(labels))

def cross_entropy_gradient(logits, labels):
    m = len(labels)
    return tuple(
        tuple((np.exp(v - lse(z)) - (j == y)) / m for j, v in enumerate(z)) for z, y in zip(logits, labels)
    )
