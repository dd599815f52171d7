# expect: passed
import numpy as np

def _exps(z):
    return np.exp(z - np.amax(z, axis=-1, keepdims=True))

def softmax(z):
    e = _exps(z)
    return np.divide(e, np.add.reduce(e, axis=-1, keepdims=True))

def softmax_jacobian(z):
    e = _exps(z)
    s = e.sum()
    J = np.empty((len(e), len(e)))
    for i in range(len(e)):
        for j in range(len(e)):
            # (u/s)' = (u' s - u s') / s²
            du = e[i] if i == j else 0.0
            J[i, j] = (du * s - e[i] * e[j]) / s ** 2
    return J

def one_hot(labels, classes):
    return np.identity(classes).take(labels, axis=0)

def cross_entropy(logits, labels):
    s = logits - np.amax(logits, axis=-1, keepdims=True)
    picked = s[np.arange(len(s)), labels]
    return np.average(np.log(np.exp(s).sum(axis=-1)) - picked)

def cross_entropy_gradient(logits, labels):
    weight = 1 / len(logits)
    return weight * softmax(logits) - weight * one_hot(labels, logits.shape[-1])
