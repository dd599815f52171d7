# expect: passed
import numpy as np


def log_softmax(z):
    z = np.asarray(z, dtype=np.float64)
    return z - np.logaddexp.reduce(z, axis=-1, keepdims=True)


def softmax(z):
    return np.exp(log_softmax(z))


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - p[:, np.newaxis] @ p[np.newaxis, :]


def one_hot(labels, classes):
    return labels[:, None] == np.arange(classes)  # True and False are 1 and 0


def cross_entropy(logits, labels):
    return -np.where(one_hot(labels, logits.shape[1]), log_softmax(logits), 0).sum(axis=1).mean()


def cross_entropy_gradient(logits, labels):
    return np.exp(log_softmax(logits)) / len(labels) - one_hot(labels, logits.shape[1]) / len(labels)
