# expect: cross-entropy-log-of-zero
import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def cross_entropy(logits, labels):
    total = 0.0
    for p, c in zip(softmax(logits), labels):
        total += -np.log(p[c])
    return total / len(labels)


def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - one_hot(labels, logits.shape[1])) / len(labels)
