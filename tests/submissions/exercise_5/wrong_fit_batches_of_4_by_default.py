# expect: shape.mismatch
import numpy as np

def act(z, a):
    if a == "sigmoid": return 1 / (1 + np.exp(-z))
    if a == "tanh": return np.tanh(z)
    return np.maximum(z, 0)

def slope(z, a):
    if a == "sigmoid":
        s = act(z, a); return s * (1 - s)
    if a == "tanh": return 1 - np.tanh(z) ** 2
    return (z > 0).astype(float)

def net_loss(activation):
    def f(X, Y, layers):
        hs, zs = [X], []
        for i, (W, b) in enumerate(layers):
            z = hs[-1] @ W + b
            zs.append(z)
            hs.append(z if i == len(layers) - 1 else act(z, activation))
        m = len(X)
        e = hs[-1] - Y
        J = np.sum(e ** 2) / (2 * m)
        d = e / m
        grads = []
        for i in reversed(range(len(layers))):
            grads.insert(0, (hs[i].T @ d, d.sum(axis=0)))
            if i:
                d = (d @ layers[i][0].T) * slope(zs[i - 1], activation)
        return J, grads
    return f

def sgd_step(layers, gradients, learning_rate):
    return [(W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(layers, gradients)]

def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    if batch_size is None:
        batch_size = len(X)
    losses = []
    for _ in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, g = loss_and_gradients(X[i:i + batch_size], Y[i:i + batch_size], layers)
            losses.append(loss)
            layers = sgd_step(layers, g, learning_rate)
    return layers, losses

def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    return train(X, Y, layers, net_loss(activation), learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)

_fit = fit
def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=4):
    return _fit(X, Y, layers, activation=activation, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
