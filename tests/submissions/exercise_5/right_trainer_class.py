# expect: passed
import numpy as np

class SGD:
    def __init__(self, layers, lr):
        self.layers = [(W.copy(), b.copy()) for W, b in layers]
        self.lr = lr

    def step(self, grads):
        self.layers = [(W - self.lr * dW, b - self.lr * db)
                       for (W, b), (dW, db) in zip(self.layers, grads)]


class Trainer:
    def __init__(self, optimizer, loss):
        self.optimizer = optimizer
        self.loss = loss
        self.losses = []

    def epoch(self, X, Y, size):
        for i in range(0, len(X), size):
            loss, grads = self.loss(X[i:i+size], Y[i:i+size], self.optimizer.layers)
            self.losses += [loss]
            self.optimizer.step(grads)


def sgd_step(layers, gradients, learning_rate):
    optimizer = SGD(layers, learning_rate)
    optimizer.step(gradients)
    return optimizer.layers


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    trainer = Trainer(SGD(layers, learning_rate), loss_and_gradients)
    for _ in range(epochs):
        trainer.epoch(X, Y, batch_size or len(X))
    return trainer.optimizer.layers, trainer.losses


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
