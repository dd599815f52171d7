# expect: passed
import math
import numpy as np

# no vectors, only loops

def softmax_row(row):
    top = max(row)
    es = [math.exp(v - top) for v in row]
    s = sum(es)
    return [e / s for e in es]

def softmax(z):
    z = np.asarray(z)
    if z.ndim == 1:
        return softmax_row([float(v) for v in z])
    return [softmax(part) for part in z]

def softmax_jacobian(z):
    p = softmax(z)
    J = []
    for i in range(len(p)):
        row = []
        for j in range(len(p)):
            if i == j:
                row.append(p[i] * (1 - p[i]))
            else:
                row.append(-p[i] * p[j])
        J.append(row)
    return J

def one_hot(labels, classes):
    out = []
    for c in labels:
        out.append([1 if j == c else 0 for j in range(classes)])
    return out

def cross_entropy(logits, labels):
    total = 0.0
    for row, c in zip(logits, labels):
        row = [float(v) for v in row]
        top = max(row)
        total += top + math.log(sum(math.exp(v - top) for v in row)) - row[c]
    return total / len(labels)

def cross_entropy_gradient(logits, labels):
    m = len(logits)
    out = []
    for row, c in zip(logits, labels):
        p = softmax_row([float(v) for v in row])
        p[c] -= 1
        out.append([v / m for v in p])
    return out
