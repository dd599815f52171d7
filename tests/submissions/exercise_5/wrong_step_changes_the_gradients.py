# expect: purity.changed
import numpy as np

def sgd_step(layers, gradients, learning_rate):
    new = []
    for (W, b), (dW, db) in zip(layers, gradients):
        dW[:] = learning_rate * dW
        db[:] = learning_rate * db
        new.append((W - dW, b - db))
    return new


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    size = batch_size or len(X)
    losses = []
    for _ in range(epochs):
        for i in range(0, len(X), size):
            loss, grads = loss_and_gradients(X[i:i+size], Y[i:i+size], layers)
            losses.append(loss)
            layers = [(W - learning_rate * dW, b - learning_rate * db)
                      for (W, b), (dW, db) in zip(layers, grads)]
    return layers, losses


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


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def f(X_batch, Y_batch, layers):
        return loss_and_grad(X_batch, Y_batch, layers, activation)
    return train(X, Y, layers, f, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
