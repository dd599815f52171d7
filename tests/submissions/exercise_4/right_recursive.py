# expect: passed
import numpy as np

def mse_loss(prediction, target):
    return 0.5 * np.mean(np.sum(np.square(prediction - target), axis=1))

def _act(name, z):
    if name == 'relu':
        return np.where(z > 0, z, 0), np.where(z > 0, 1.0, 0.0)
    t = np.tanh(z if name == 'tanh' else z / 2)
    if name == 'tanh':
        return t, 1 - t * t
    return (1 + t) / 2, (1 - t * t) / 4

def _go(h, Y, layers, name):
    """returns gradients of these layers and dJ/dh"""
    (W, b), rest = layers[0], layers[1:]
    z = h @ W + b
    if not rest:
        d, grads = (z - Y) / len(Y), []
    else:
        a, slope = _act(name, z)
        grads, back = _go(a, Y, rest, name)
        d = back * slope
    return [(h.T @ d, np.sum(d, 0))] + grads, d @ W.T

def backward(X, Y, layers, activation="sigmoid"):
    return _go(X, Y, list(layers), activation)[0]
