# expect: activation-on-output
import numpy as np

F = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
D = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a ** 2, "relu": lambda a: (a > 0) * 1.0}


def loss_and_grad(X, Y, layers, activation):
    a = [X]
    for W, b in layers:
        a.append(F[activation](a[-1] @ W + b))
    error = a[-1] - Y
    delta = error / len(X)
    grads = []
    for k in range(len(layers))[::-1]:
        delta = delta * D[activation](a[k + 1])
        grads.insert(0, (a[k].T @ delta, delta.sum(0)))
        delta = delta @ layers[k][0].T
    return (error ** 2).sum() / 2 / len(X), grads


def sgd_step(layers, gradients, learning_rate):
    new = []
    for (W, b), (dW, db) in zip(layers, gradients):
        new.append((W - learning_rate * dW, b - learning_rate * db))
    return new


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


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def f(X_batch, Y_batch, layers):
        return loss_and_grad(X_batch, Y_batch, layers, activation)
    return train(X, Y, layers, f, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
