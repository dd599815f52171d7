# expect: value.mismatch
import numpy as np


def softmax(z):
    """e^z over its sum, with the largest logit of every row moved to 0.

    The shift cancels in the fraction. After it no exponent is above 0, so nothing overflows, and
    one term of the sum is e⁰ = 1, so nothing is divided by 0.
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_jacobian(z):
    """∂pᵢ/∂zⱼ = pᵢ(δᵢⱼ − pⱼ): the numerator knows its own logit only, the denominator all."""
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def one_hot(labels, classes):
    """Row c of the identity matrix is the code of class c."""
    return np.eye(classes)[labels]


def log_softmax(z):
    """log p = z − log Σ e^z. Here p itself never appears, so it cannot be rounded to 0."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def cross_entropy(logits, labels):
    """Of each sample one entry counts: row i, column labels[i]."""
    rows = np.arange(len(labels))
    return -np.mean(log_softmax(logits)[rows, labels])


def cross_entropy_gradient(logits, labels):
    """−log p[label] = log Σ e^z − z[label]: the first part gives p, the second takes 1 away."""
    m, k = logits.shape
    return (softmax(logits) - one_hot(labels, k)) / m



def cross_entropy(logits, labels):
    total = 0.0
    for z, y in zip(logits, labels):
        top = z.max()
        rest = z[z < top]
        total += top + np.log1p(np.sum(np.exp(rest - top))) - z[y]
    return total / len(labels)
