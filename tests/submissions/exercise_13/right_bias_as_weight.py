# expect: passed
import numpy as np

f = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
df = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h ** 2, "relu": lambda h: 1.0 * (h > 0)}


def one(h):
    return np.hstack([h, np.ones((h.shape[0], 1))])


def walk(X, layers, name):
    stacked = [np.vstack([W, b]) for W, b in layers]
    hs = [one(X)]
    for A in stacked[:-1]:
        hs.append(one(f[name](hs[-1] @ A)))
    return stacked, hs


def gradient_norms(X, layers, activation):
    stacked, hs = walk(X, layers, activation)
    delta = np.ones((len(X), stacked[-1].shape[1]))
    norms = []
    for A, h in zip(stacked[::-1], hs[::-1]):
        G = h.T @ delta
        norms.append(np.linalg.norm(G[:-1]))      # the last row is the bias
        delta = (delta @ A[:-1].T) * df[activation](h[:, :-1])
    return norms[::-1]


def activation_means(X, layers, activation):
    return [h[:, :-1].mean() for h in walk(X, layers, activation)[1][1:]]


def dead_fraction(X, layers):
    return [(h[:, :-1] == 0).all(0).mean() for h in walk(X, layers, "relu")[1][1:]]
