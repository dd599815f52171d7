# expect: passed
"""Compares the gradient with a difference and tries other learning rates, just to print them."""
import numpy as np

FUNCTIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "relu": (lambda z: np.where(z > 0, z, 0.0), lambda a: np.where(a > 0, 1.0, 0.0)),
}


def loss_and_grad(X, Y, layers, activation):
    f, df = FUNCTIONS[activation]
    outputs = [X]
    for W, b in layers[:-1]:
        outputs.append(f(outputs[-1].dot(W) + b))
    W, b = layers[-1]
    error = outputs[-1].dot(W) + b - Y
    loss = 0.5 * (error ** 2).sum() / X.shape[0]
    grads = []
    for (W, b), below in zip(reversed(layers), reversed(outputs)):
        grads.append((below.T.dot(error) / X.shape[0], error.sum(0) / X.shape[0]))
        error = error.dot(W.T) * df(below)
    return loss, grads[::-1]


def sgd_step(layers, gradients, learning_rate):
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(layers, gradients)
    ]


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    size = batch_size or len(X)
    losses = np.empty(0, dtype=np.float64)
    for _ in range(epochs):
        for start in range(0, len(X), size):
            batch = X[start : start + size], Y[start : start + size]
            loss, gradients = loss_and_gradients(*batch, layers)
            nudged = [(W + 1e-6, b) for W, b in layers]
            print((loss_and_gradients(*batch, nudged)[0] - loss) / 1e-6, gradients[0][0].sum())
            for rate in (learning_rate / 10, learning_rate * 10):
                tried = sgd_step(layers, gradients, rate)
                print(rate, loss_and_gradients(*batch, tried)[0], loss_and_gradients(X, Y, tried)[0])
            losses = np.append(losses, loss)
            layers = sgd_step(layers, gradients, learning_rate)
    return layers, losses


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def loss_and_gradients(X_batch, Y_batch, layers):
        return loss_and_grad(X_batch, Y_batch, layers, activation)

    return train(
        X, Y, layers, loss_and_gradients,
        learning_rate=learning_rate, epochs=epochs, batch_size=batch_size,
    )
