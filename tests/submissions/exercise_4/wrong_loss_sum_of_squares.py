# expect: loss-sum-of-squares
# score: 8
import numpy as np

def mse_loss(prediction, target):
    return ((prediction - target) ** 2).sum()

def backward(X, Y, layers, activation="sigmoid"):
    # forward
    As, Zs = [X], []
    for W, b in layers:
        Z = np.dot(As[-1], W) + b
        Zs.append(Z)
        if activation == "sigmoid":
            As.append(1 / (1 + np.exp(-Z)))
        elif activation == "tanh":
            As.append(np.tanh(Z))
        elif activation == "relu":
            As.append(np.maximum(Z, 0))
    As[-1] = Zs[-1]  # last one is linear

    # backward
    L = len(layers)
    grads = [None] * L
    dZ = As[-1] - Y
    for l in range(L - 1, -1, -1):
        dW = np.dot(As[l].T, dZ) / len(Y)
        db = dZ.mean(axis=0)
        grads[l] = (dW, db)
        if l == 0:
            break
        dA = np.dot(dZ, layers[l][0].T)
        if activation == "sigmoid":
            dZ = dA * As[l] * (1 - As[l])
        elif activation == "tanh":
            dZ = dA * (1 - As[l] ** 2)
        elif activation == "relu":
            dZ = dA * (Zs[l - 1] > 0)
    return grads
