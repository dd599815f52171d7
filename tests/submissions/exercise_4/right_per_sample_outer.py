# expect: passed
import numpy as np

def mse_loss(prediction, target):
    J = 0
    for yhat, y in zip(prediction, target):
        J = J + np.dot(yhat - y, yhat - y)
    return J / (2*len(target))

def s(z):
    return 1/(1+np.exp(-z))

def backward(X, Y, layers, activation="sigmoid"):
    total = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in layers]
    for x, y in zip(X, Y):
        zs, hs = [], [x]
        for W, b in layers:
            z = hs[-1] @ W + b
            zs.append(z)
            hs.append({"sigmoid": s, "tanh": np.tanh, "relu": lambda v: np.maximum(v, 0)}[activation](z))
        d = zs[-1] - y
        for i in reversed(range(len(layers))):
            total[i][0] += np.outer(hs[i], d)
            total[i][1] += d
            if i == 0:
                continue
            d = layers[i][0] @ d
            z = zs[i-1]
            if activation == "sigmoid":
                d *= np.exp(-z)/(1+np.exp(-z))**2
            elif activation == "tanh":
                d *= 1 - np.tanh(z)**2
            else:
                d[z <= 0] = 0
    return [(dW/len(X), db/len(X)) for dW, db in total]
