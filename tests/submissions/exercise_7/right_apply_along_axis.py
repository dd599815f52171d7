# expect: passed
import numpy as np

def _softmax_1d(v):
    v = v - np.max(v)
    e = np.exp(v)
    return e / np.sum(e)

def softmax(z):
    return np.apply_along_axis(_softmax_1d, -1, np.asarray(z, dtype=np.float64))

def softmax_jacobian(z):
    p = _softmax_1d(z)
    k = len(p)
    J = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            J[i, j] = p[i] * ((i == j) - p[j])
    return J

def one_hot(labels, classes):
    return np.array([np.arange(classes) == c for c in labels]).astype(float)

def cross_entropy(logits, labels):
    losses = []
    for z, y in zip(logits, labels):
        z = z - z.max()
        losses.append(np.log(np.exp(z).sum()) - z[y])
    return np.mean(losses)

def cross_entropy_gradient(logits, labels):
    # through the jacobian: d(-z_y + lse)/dz, one sample after another
    rows = []
    for z, y in zip(logits, labels):
        g = _softmax_1d(z)
        g[y] = g[y] - 1
        rows.append(g)
    return np.array(rows) / len(rows)
