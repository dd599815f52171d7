# expect: passed
import math

import numpy as np

def sgd_step(layers, gradients, learning_rate):
    result = []
    for (W, b), (dW, db) in zip(layers, gradients):
        newW = [[W[i][j] - learning_rate * dW[i][j] for j in range(len(W[0]))] for i in range(len(W))]
        newb = [b[j] - learning_rate * db[j] for j in range(len(b))]
        result.append((np.array(newW), np.array(newb)))
    return result


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    if batch_size is None:
        batch_size = len(X)
    losses = []
    for epoch in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, gradients = loss_and_gradients(X[i:i+batch_size], Y[i:i+batch_size], layers)
            losses.append(loss)
            layers = sgd_step(layers, gradients, learning_rate)
    return layers, losses


def a(z, name):
    if name == "sigmoid":
        return 1 / (1 + math.exp(-z))
    if name == "tanh":
        return math.tanh(z)
    return max(z, 0.0)


def da(z, name):
    if name == "sigmoid":
        return a(z, name) * (1 - a(z, name))
    if name == "tanh":
        return 1 - math.tanh(z) ** 2
    return 1.0 if z > 0 else 0.0


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def one(x, y, layers):
        """loss and gradients of one sample, number by number"""
        hs = [list(x)]
        zs = []
        for n, (W, b) in enumerate(layers):
            z = [sum(hs[-1][i] * W[i, j] for i in range(W.shape[0])) + b[j] for j in range(W.shape[1])]
            zs.append(z)
            hs.append(z if n == len(layers) - 1 else [a(t, activation) for t in z])
        delta = [p - t for p, t in zip(hs[-1], y)]
        loss = sum(d * d for d in delta) / 2
        grads = []
        for n in reversed(range(len(layers))):
            W, b = layers[n]
            grads.append((np.array([[h * d for d in delta] for h in hs[n]]), np.array(delta)))
            if n:
                delta = [sum(W[i, j] * delta[j] for j in range(W.shape[1])) * da(zs[n - 1][i], activation)
                         for i in range(W.shape[0])]
        return loss, grads[::-1]

    def mean(X, Y, layers):
        total, sums = 0, [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers]
        for x, y in zip(X, Y):
            loss, grads = one(x, y, layers)
            total += loss
            sums = [(A + C, c + d) for (A, c), (C, d) in zip(sums, grads)]
        return total / len(X), [(A / len(X), c / len(X)) for A, c in sums]

    return train(X, Y, layers, mean, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
