"""Exercise 4, worked: backpropagation."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}

# The slope of each activation at the preactivation z.
SLOPES = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: z > 0,
}


def mse_loss(prediction, target):
    """m is the number of rows: outputs are summed, samples are averaged."""
    m = len(prediction)
    return float(np.sum((prediction - target) ** 2) / (2 * m))


def backward(X, Y, layers, activation="sigmoid"):
    """Forwards, everything is kept; backwards, delta is ∂J/∂z of the layer at hand."""
    inputs, preactivations = [], []
    h = X
    for W, b in layers:
        z = h @ W + b
        inputs.append(h)
        preactivations.append(z)
        h = ACTIVATIONS[activation](z)
    prediction = preactivations[-1]  # the last layer is linear: its activation is not used

    # The ½ of J meets the 2 of the square. 1/m enters here and nowhere else.
    delta = (prediction - Y) / len(X)
    gradients = []
    for index in reversed(range(len(layers))):
        W, _ = layers[index]
        # Every sample uses the same W and b, so what each says of them is added up.
        gradients.insert(0, (inputs[index].T @ delta, delta.sum(axis=0)))
        if index > 0:
            # Back through the weights, then through the activation before them.
            delta = (delta @ W.T) * SLOPES[activation](preactivations[index - 1])
    return gradients
