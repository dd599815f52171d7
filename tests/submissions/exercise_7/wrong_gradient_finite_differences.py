# expect: precision.inexact
import numpy as np


def softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    exps = np.exp(shifted)
    total = np.sum(exps, axis=-1, keepdims=True)
    return exps / total


def softmax_jacobian(z):
    p = softmax(z).reshape(-1, 1)
    return np.diagflat(p) - p @ p.T


def one_hot(labels, classes):
    Y = np.zeros((labels.shape[0], classes))
    Y[np.arange(labels.shape[0]), labels] = 1
    return Y


def log_softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


def cross_entropy(logits, labels):
    Y = one_hot(labels, logits.shape[1])
    return -np.sum(Y * log_softmax(logits)) / logits.shape[0]


def cross_entropy_gradient(logits, labels):
    h = 1e-6
    g = np.zeros(logits.shape)
    z = logits.astype(float)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            up, down = z.copy(), z.copy()
            up[i, j] += h
            down[i, j] -= h
            g[i, j] = (cross_entropy(up, labels) - cross_entropy(down, labels)) / (2 * h)
    return g
