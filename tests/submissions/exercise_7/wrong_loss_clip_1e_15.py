# expect: cross-entropy-clip-1e-15
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
    p = np.clip(softmax(logits), 1e-15, 1 - 1e-15)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - one_hot(labels, logits.shape[1])) / len(labels)
