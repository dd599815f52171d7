# expect: structure.length
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}

# The slope of each activation at the preactivation z. The sigmoid's is ¼ at most, and all but 0
# where the unit is saturated: these are the factors that make a gradient vanish.
SLOPES = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: z > 0,
}


def hidden_layers(X, layers, activation):
    """(preactivation, activation) of every hidden layer: all but the last."""
    pairs = []
    h = X
    for W, b in layers[:-1][:5]:
        z = h @ W + b
        h = ACTIVATIONS[activation](z)
        pairs.append((z, h))
    return pairs


def gradient_norms(X, layers, activation):
    """Backpropagation of exercise 4, with another beginning and without the biases."""
    hidden = hidden_layers(X, layers, activation)
    layers = layers[: len(hidden) + 1]
    inputs = [X] + [h for _, h in hidden]
    # Every output stands in the sum once, so its slope is 1. (The outputs themselves do not
    # matter: the last layer is linear.)
    outputs = layers[-1][0].shape[1]
    delta = np.ones((len(X), outputs))
    norms = []
    for index in reversed(range(len(layers))):
        dW = inputs[index].T @ delta
        norms.insert(0, np.sqrt(np.sum(dW**2)))
        if index > 0:
            W, _ = layers[index]
            z, _ = hidden[index - 1]
            delta = (delta @ W.T) * SLOPES[activation](z)
    return norms


def activation_means(X, layers, activation):
    """One number for each hidden layer, over all samples and units."""
    return [np.mean(h) for _, h in hidden_layers(X, layers, activation)]


def dead_fraction(X, layers):
    """A unit is a column of h. It is dead where no sample, no row, makes it positive."""
    return [np.mean(np.all(h == 0, axis=0)) for _, h in hidden_layers(X, layers, "relu")]
