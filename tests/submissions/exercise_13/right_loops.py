# expect: passed
import math


def f(z, name):
    if name == "sigmoid":
        return 1 / (1 + math.exp(-z))
    if name == "tanh":
        return math.tanh(z)
    return z if z > 0 else 0.0


def df(z, name):
    if name == "sigmoid":
        return math.exp(-z) / (1 + math.exp(-z)) ** 2
    if name == "tanh":
        return 1 / math.cosh(z) ** 2
    return 1.0 if z > 0 else 0.0


def layer(h, W, b):
    z = []
    for j in range(len(b)):
        total = float(b[j])
        for i in range(len(h)):
            total += h[i] * W[i][j]
        z.append(total)
    return z


def run(x, layers, name):
    """preactivations and activations of one sample"""
    zs, hs = [], [[float(v) for v in x]]
    for W, b in layers:
        z = layer(hs[-1], W, b)
        zs.append(z)
        hs.append([f(v, name) for v in z])
    return zs, hs


def gradient_norms(X, layers, activation):
    sums = [[[0.0] * W.shape[1] for _ in range(W.shape[0])] for W, _ in layers]
    for x in X:
        zs, hs = run(x, layers, activation)
        d = [1.0] * len(layers[-1][1])
        for k in range(len(layers) - 1, -1, -1):
            W = layers[k][0]
            for i in range(W.shape[0]):
                for j in range(W.shape[1]):
                    sums[k][i][j] += hs[k][i] * d[j]
            if k > 0:
                d = [sum(W[i][j] * d[j] for j in range(W.shape[1])) * df(zs[k - 1][i], activation) for i in range(W.shape[0])]
    return [math.sqrt(sum(g * g for row in G for g in row)) for G in sums]


def activation_means(X, layers, activation):
    means = []
    for k in range(1, len(layers)):
        values = [v for x in X for v in run(x, layers, activation)[1][k]]
        means.append(sum(values) / len(values))
    return means


def dead_fraction(X, layers):
    shares = []
    for k in range(1, len(layers)):
        units = len(layers[k - 1][1])
        dead = 0
        for j in range(units):
            if all(run(x, layers, "relu")[0][k - 1][j] <= 0 for x in X):
                dead += 1
        shares.append(dead / units)
    return shares
