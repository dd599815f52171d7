# expect: precision.inexact
import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(z):
    h = 1e-5
    J = np.zeros((len(z), len(z)))
    for j in range(len(z)):
        step = np.zeros(len(z))
        step[j] = h
        J[:, j] = (softmax(z + step) - softmax(z - step)) / (2 * h)
    return J


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(labels)), labels].mean()


def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - one_hot(labels, logits.shape[1])) / len(labels)
