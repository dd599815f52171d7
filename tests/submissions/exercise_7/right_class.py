# expect: passed
import numpy as np


class SoftmaxWithLoss:
    """forward keeps what backward needs"""

    def __init__(self):
        self.p = None
        self.t = None

    def forward(self, z, t):
        self.t = t
        s = z - z.max(axis=1, keepdims=True)
        lse = np.log(np.exp(s).sum(axis=1, keepdims=True))
        logp = s - lse
        self.p = np.exp(logp)
        return -sum(logp[i, t[i]] for i in range(len(t))) / len(t)

    def backward(self, dout=1.0):
        dz = self.p.copy()
        for i, c in enumerate(self.t):
            dz[i, c] -= 1.0
        return dout * dz / len(self.t)


def softmax(z):
    shape = z.shape
    rows = z.reshape(-1, shape[-1])
    rows = np.stack([np.exp(r - max(r)) / np.exp(r - max(r)).sum() for r in rows])
    return rows.reshape(shape)


def softmax_jacobian(z):
    p = softmax(z)
    return p * np.eye(len(p)) - p * p.reshape(-1, 1)


def one_hot(labels, classes):
    return [np.eye(classes)[c] for c in labels]


def cross_entropy(logits, labels):
    return SoftmaxWithLoss().forward(logits, labels)


def cross_entropy_gradient(logits, labels):
    layer = SoftmaxWithLoss()
    layer.forward(logits, labels)
    return layer.backward()
