# expect: cross-entropy-log-of-zero
# score: 9.5
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


def cross_entropy(logits, labels):
    p = softmax(logits)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))


def cross_entropy_gradient(logits, labels):
    m, k = logits.shape
    Y = np.zeros((m, k))
    Y[np.arange(m), labels] = 1
    return (softmax(logits) - Y) / m
