# expect: passed
import numpy as np

# p_i = 1 / sum_j exp(z_j - z_i): only differences appear

def softmax(z):
    z = np.asarray(z, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)


def softmax_jacobian(z):
    p = softmax(z)
    others = np.array([[p[j] for j in range(len(p)) if j != i] for i in range(len(p))])
    J = -np.outer(p, p)
    for i in range(len(p)):
        J[i, i] = p[i] * others[i].sum()  # 1 - p[i] without the cancellation
    return J


def one_hot(labels, classes):
    Y = np.zeros(len(labels) * classes)
    Y[np.arange(len(labels)) * classes + labels] = 1.0
    return Y.reshape(len(labels), classes)


def cross_entropy(logits, labels):
    loss = 0.0
    for i in range(len(labels)):
        d = logits[i] - logits[i, labels[i]]
        top = d.max()
        loss += top + np.log(np.sum(np.exp(d - top)))
    return loss / len(labels)


def cross_entropy_gradient(logits, labels):
    p = softmax(logits)
    for i, c in enumerate(labels):
        p[i, c] = -(np.sum(p[i, :c]) + np.sum(p[i, c + 1:]))
    return p / len(labels)
