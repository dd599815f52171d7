# expect: passed
import copy

import numpy as np

def sgd_step(layers, gradients, learning_rate):
    new = copy.deepcopy(layers)
    for i in range(len(new)):
        W, b = (np.array(p, dtype=float) for p in new[i])
        W -= learning_rate * gradients[i][0]
        b -= learning_rate * gradients[i][1]
        new[i] = (W, b)
    return new


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    params = [[W.astype(np.float64).copy(), b.astype(np.float64).copy()] for W, b in layers]
    size = batch_size or X.shape[0]
    history = []
    for e in range(epochs):
        start = 0
        while start < X.shape[0]:
            xb, yb = X[start:start + size], Y[start:start + size]
            loss, grads = loss_and_gradients(xb, yb, params)
            history.append(loss)
            for p, g in zip(params, grads):
                p[0] -= learning_rate * g[0]
                p[1] -= learning_rate * g[1]
            start += size
    return params, history


def act(z, name):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0)


def slope(z, name):
    if name == "sigmoid":
        s = act(z, name)
        return s * (1 - s)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0).astype(float)


def loss_and_grad(X, Y, layers, activation):
    hs, zs = [X], []
    for i, (W, b) in enumerate(layers):
        z = hs[-1] @ W + b
        zs.append(z)
        hs.append(z if i == len(layers) - 1 else act(z, activation))
    m = len(X)
    loss = np.sum((hs[-1] - Y) ** 2) / (2 * m)
    delta = (hs[-1] - Y) / m
    grads = []
    for i in range(len(layers) - 1, -1, -1):
        grads.insert(0, (hs[i].T @ delta, delta.sum(axis=0)))
        if i > 0:
            delta = delta @ layers[i][0].T * slope(zs[i - 1], activation)
    return loss, grads


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def f(X_batch, Y_batch, layers):
        return loss_and_grad(X_batch, Y_batch, layers, activation)
    return train(X, Y, layers, f, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
