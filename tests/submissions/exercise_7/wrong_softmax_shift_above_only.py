# expect: softmax-shift-above-only
import numpy as np


def softmax(z):
    top = np.max(z, axis=-1, keepdims=True)
    return np.exp(z - top) / np.sum(np.exp(z), axis=-1, keepdims=True)


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
    m, k = logits.shape
    Y = np.zeros((m, k))
    Y[np.arange(m), labels] = 1
    return (softmax(logits) - Y) / m
