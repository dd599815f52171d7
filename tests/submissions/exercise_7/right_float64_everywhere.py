# expect: passed
import numpy as np

# casts first, asks later

def softmax(z):
    z = np.float64(z)
    z = z - np.float64(z.max(axis=-1)).reshape(z.shape[:-1] + (1,))
    return np.float64(np.exp(z) / np.exp(z).sum(axis=-1).reshape(z.shape[:-1] + (1,)))

def softmax_jacobian(z):
    p = softmax(np.float64(z))
    J = np.zeros((p.shape[0],) * 2, dtype=np.float64)
    np.fill_diagonal(J, p)
    return J - np.multiply.outer(p, p)

def one_hot(labels, classes):
    labels = np.array(labels, dtype=np.int64)
    Y = np.zeros([labels.shape[0], int(classes)], dtype=np.float64)
    for i in range(labels.shape[0]):
        Y[i][labels[i]] = 1.0
    return Y

def cross_entropy(logits, labels):
    z = np.float64(logits)
    labels = np.array(labels, dtype=np.int64)
    # a column for each sample, so that no keepdims is needed
    losses = -(z.T - z.max(axis=1) - np.log(np.exp(z.T - z.max(axis=1)).sum(axis=0)))[labels, np.arange(len(labels))]
    return np.float64(losses.sum() / losses.shape[0])

def cross_entropy_gradient(logits, labels):
    z = np.float64(logits)
    return np.float64((softmax(z) - one_hot(labels, z.shape[1])) / z.shape[0])
