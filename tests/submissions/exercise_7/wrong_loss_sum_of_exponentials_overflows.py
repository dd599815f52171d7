# expect: cross-entropy-logsumexp-overflow
# score: 9.5
import numpy as np


def softmax(z):
    z = z - z.max(-1, keepdims=True)   # so that exp stays small
    return np.exp(z) / np.sum(np.exp(z), -1, keepdims=True)


def softmax_jacobian(z):
    p = softmax(z)
    k = len(p)
    J = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J


def one_hot(labels, classes):
    Y = np.zeros((len(labels), classes))
    for i, c in enumerate(labels):
        Y[i, c] = 1
    return Y


def cross_entropy(logits, labels):
    rows = np.arange(len(labels))
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[rows, labels])


def cross_entropy_gradient(logits, labels):
    dz = softmax(logits)
    dz[np.arange(len(labels)), labels] -= 1
    return dz / len(labels)
