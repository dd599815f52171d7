# expect: passed
import numpy as np


def activate(Z, name):
    return {"sigmoid": 1 / (1 + np.exp(-Z)), "tanh": np.tanh(Z), "relu": np.maximum(Z, 0)}[name]


def derivative(Z, name):
    h = 1 / (1 + np.exp(-Z))
    return {"sigmoid": h * (1 - h), "tanh": np.cosh(Z) ** -2.0, "relu": np.heaviside(Z, 0)}[name]


def columns(X, layers, name):
    H, Zs, Hs = X.T, [], [X.T]
    for W, b in layers[:-1]:
        Z = W.T @ H + b[:, np.newaxis]
        H = activate(Z, name)
        Zs.append(Z)
        Hs.append(H)
    return Zs, Hs


def gradient_norms(X, layers, activation):
    Zs, Hs = columns(X, layers, activation)
    D = np.ones((len(layers[-1][1]), len(X)))
    answer = []
    while Hs:
        H = Hs.pop()
        G = D @ H.T                      # transposed, with the same norm
        answer = [np.linalg.norm(G)] + answer
        if Zs:
            D = derivative(Zs.pop(), activation) * (layers[len(Hs)][0] @ D)
    return answer


def activation_means(X, layers, activation):
    return [H.mean() for H in columns(X, layers, activation)[1][1:]]


def dead_fraction(X, layers):
    return [(H.max(axis=1) <= 0).sum() / H.shape[0] for H in columns(X, layers, "relu")[1][1:]]
