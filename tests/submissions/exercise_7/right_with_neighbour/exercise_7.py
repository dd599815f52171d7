# expect: passed
import numpy as np

from stable import log_softmax


def softmax(z):
    return np.exp(log_softmax(z))


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def one_hot(labels, classes):
    return np.eye(classes, dtype=int)[labels]


def cross_entropy(logits, labels):
    return float(-log_softmax(logits)[np.arange(len(labels)), labels].mean())


def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - one_hot(labels, logits.shape[1])) / len(labels)


if __name__ == "__main__":
    z = np.array([[1.0, 2.0, 3.0]])
    print(softmax(z), cross_entropy(z, np.array([2])))
