# expect: value.mismatch
import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def one_hot(labels, classes):
    labels = labels.astype(np.uint8)   # a class needs no more room
    Y = np.zeros((len(labels), classes))
    Y[np.arange(len(labels)), labels] = 1
    return Y


def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[rows, labels])


def cross_entropy_gradient(logits, labels):
    g = softmax(logits)
    g[np.arange(len(labels)), labels] -= 1
    return g / len(labels)
