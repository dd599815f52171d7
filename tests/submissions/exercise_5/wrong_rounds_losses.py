# expect: value.approximate
import numpy as np

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


def sgd_step(layers, gradients, learning_rate):
    return [
        tuple(p - learning_rate * g for p, g in zip(layer, gradient))
        for layer, gradient in zip(layers, gradients)
    ]


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    if batch_size is None:
        batch_size = len(X)
    losses = []
    for epoch in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, gradients = loss_and_gradients(X[i:i+batch_size], Y[i:i+batch_size], layers)
            losses.append(round(loss, 4))
            layers = sgd_step(layers, gradients, learning_rate)
    return layers, losses


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def f(X_batch, Y_batch, layers):
        return loss_and_grad(X_batch, Y_batch, layers, activation)
    return train(X, Y, layers, f, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
