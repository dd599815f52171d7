# expect: passed
import numpy as np

def flatten(layers):
    return np.concatenate([np.ravel(p) for layer in layers for p in layer])


def unflatten(vector, like):
    out, pos = [], 0
    for W, b in like:
        newW = vector[pos:pos + W.size].reshape(W.shape)
        pos += W.size
        newb = vector[pos:pos + b.size].reshape(b.shape)
        pos += b.size
        out.append((newW, newb))
    return out


def sgd_step(layers, gradients, learning_rate):
    return unflatten(flatten(layers) - learning_rate * flatten(gradients), layers)


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    theta = flatten(layers)
    losses = []
    cuts = list(range(0, len(X), batch_size or len(X)))[1:]
    for _ in range(epochs):
        for x, y in zip(np.split(X, cuts), np.split(Y, cuts)):
            loss, g = loss_and_gradients(x, y, unflatten(theta, layers))
            losses.append(float(loss))
            theta = theta - learning_rate * flatten(g)
    return unflatten(theta, layers), losses


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
