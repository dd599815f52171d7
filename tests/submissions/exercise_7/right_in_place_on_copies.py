# expect: passed
import numpy as np

def softmax(z):
    p = np.array(z, dtype=float)      # a copy
    p -= p.max(axis=-1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=-1, keepdims=True)
    return p

def softmax_jacobian(z):
    p = softmax(z)
    J = np.outer(-p, p)
    J[np.diag_indices_from(J)] += p
    return J

def one_hot(labels, classes):
    Y = np.zeros((len(labels), classes), dtype=int)
    np.put_along_axis(Y, np.asarray(labels, dtype=int)[:, None], 1, axis=1)
    return Y

def cross_entropy(logits, labels):
    z = np.array(logits, dtype=float)
    z -= z.max(axis=1, keepdims=True)
    loss = np.log(np.exp(z).sum(axis=1))
    loss -= np.take_along_axis(z, np.asarray(labels, dtype=int)[:, None], axis=1)[:, 0]
    return loss.mean()

def cross_entropy_gradient(logits, labels):
    g = softmax(logits)
    g[range(len(labels)), labels] -= 1
    g /= len(labels)
    return g
