# expect: passed
import numpy as np

def softmax(z):
    z = np.asarray(z, dtype=np.float64)
    z = np.moveaxis(z, -1, 0)
    e = np.exp(z - z.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1)

def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) @ (np.eye(len(p)) - np.ones((len(p), 1)) * p)

def one_hot(labels, classes):
    return (np.arange(classes)[None, :] == np.reshape(labels, (-1, 1))) * 1.0

def _log_softmax_jacobian(z):
    # rows: d log p_i / dz_j
    return np.eye(len(z)) - softmax(z)[None, :]

def cross_entropy(logits, labels):
    top = np.max(logits, axis=1)
    spread = np.exp(logits - top[:, None]).sum(axis=1)
    return float(np.mean(np.log(spread) + (top - logits[np.arange(top.size), labels])))

def cross_entropy_gradient(logits, labels):
    rows = []
    Y = one_hot(labels, logits.shape[1])
    for z, y in zip(logits, Y):
        rows.append(-y @ _log_softmax_jacobian(z))
    return np.stack(rows) / len(labels)
