# expect: passed
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(-1)[..., None])
    return np.einsum("...k,...->...k", e, 1 / np.einsum("...k->...", e))


def softmax_jacobian(z):
    p = softmax(z)
    delta = np.eye(p.size)
    return np.einsum("i,ij->ij", p, delta) - np.einsum("i,j->ij", p, p)


def one_hot(labels, classes):
    Y = np.zeros((labels.size, classes))
    Y[np.arange(labels.size), labels] = 1
    return Y


def cross_entropy(logits, labels):
    Y = one_hot(labels, logits.shape[-1])
    top = logits.max(axis=1)
    lse = np.log(np.einsum("ij->i", np.exp(logits - top[:, None]))) + top
    return float((lse - np.einsum("ij,ij->i", logits, Y)).mean())


def cross_entropy_gradient(logits, labels):
    return np.einsum("ij,->ij", softmax(logits) - one_hot(labels, logits.shape[-1]), 1 / len(labels))
