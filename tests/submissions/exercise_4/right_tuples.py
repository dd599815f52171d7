# expect: passed
import numpy as np
from math import fsum

def mse_loss(prediction, target):
    m = len(prediction)
    return fsum(((prediction - target) ** 2).ravel()) / m * .5

def backward(X, Y, layers, activation="sigmoid"):
    X = np.asarray(X, dtype=np.float64)
    Y = np.asarray(Y, dtype=np.float64)
    m = X.shape[0]
    inputs = []
    masks = []
    out = X
    last = len(layers) - 1
    for k, (W, b) in enumerate(layers):
        inputs.append(out)
        out = np.matmul(out, W) + b
        if k == last:
            break
        if activation == "sigmoid":
            out = 1 / (1 + np.exp(-out))
            masks.append(out * (1 - out))
        if activation == "tanh":
            out = np.tanh(out)
            masks.append((1 + out) * (1 - out))
        if activation == "relu":
            masks.append((out > 0) * 1.0)
            out = np.abs(out) / 2 + out / 2
    grad = 2 * (out - Y) / (2 * m)
    result = ()
    for k in range(last, -1, -1):
        result = ((tuple(map(tuple, inputs[k].T.dot(grad))), tuple(grad.sum(0))),) + result
        if k:
            grad = grad.dot(np.transpose(layers[k][0])) * masks[k - 1]
    return result
