# expect: load.failed
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


def one_hot(val, dim):
	vec = [np.eye(dim)[_] for _ in val]
        return vec


def cross_entropy(logits, labels):
    loss = 0
    for z, y in zip(logits, labels):
        top = z.max()
        loss += top + np.log(np.exp(z - top).sum()) - z[y]
    return loss / len(labels)


def cross_entropy_gradient(logits, labels):
    dz = softmax(logits)
    dz[np.arange(len(labels)), labels] -= 1
    return dz / len(labels)
