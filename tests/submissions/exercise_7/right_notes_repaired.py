# expect: passed
import numpy as np

# the functions of the lecture, with what was wrong in them put right

def softmax(vec):
    numerator = np.exp(vec - np.max(vec, axis=-1, keepdims=True))
    denominator = np.sum(numerator, axis=-1, keepdims=True)
    val = numerator / denominator
    return val

def one_hot(val, dim):
    return [np.eye(dim)[_] for _ in val]

def softmax_jacobian(z):
    p = softmax(z).reshape(-1, 1)
    return np.diagflat(p) - np.dot(p, p.T)

def cross_entropy(logits, labels):
    z = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    return -np.sum(np.array(one_hot(labels, logits.shape[1])) * log_p) / logits.shape[0]

def cross_entropy_gradient(logits, labels):
    return (softmax(logits) - np.array(one_hot(labels, logits.shape[1]))) / logits.shape[0]
