# expect: passed
import numpy as np


def forward(X, layers, name):
    f = {"sigmoid": lambda z: np.exp(z) / (1 + np.exp(z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[name]
    hs = [np.array(X, dtype=np.float64)]
    for W, b in layers[:-1]:
        hs.append(f(hs[-1] @ W + b))
    return hs


def gradient_norms(X, layers, activation):
    hs = forward(X, layers, activation)
    if activation == "sigmoid":
        slopes = [h - h ** 2 for h in hs]
    elif activation == "tanh":
        slopes = [1 - h ** 2 for h in hs]
    else:
        slopes = [np.sign(h) for h in hs]
    n = len(layers)
    norms = []
    for k in range(n):
        G = 0
        for s in range(len(X)):
            # from the outputs back to z of layer k, as a product of matrices
            J = np.ones(layers[-1][0].shape[1])
            for i in range(n - 1, k, -1):
                J = J @ layers[i][0].T @ np.diag(slopes[i][s])
            G = G + hs[k][s][:, None] * J
        norms.append(np.sqrt(np.trace(G.T @ G)))
    return norms


def activation_means(X, layers, activation):
    return list(map(np.mean, forward(X, layers, activation)[1:]))


def dead_fraction(X, layers):
    return [np.mean(np.max(h, 0) <= 0) for h in forward(X, layers, "relu")[1:]]
