# expect: outcome.raised
import numpy as np


total = None

def softmax(z):
    global total
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    if total is None:
        total = np.zeros(e.shape[:-1])
    total += e.sum(axis=-1)
    return e / total[..., None]


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def cross_entropy(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(labels)), labels].mean()


def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - one_hot(labels, logits.shape[1])) / len(labels)
