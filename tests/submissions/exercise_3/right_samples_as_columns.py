# expect: passed
import numpy as np

# I think of samples as columns (W x + b like on the slides), so turn everything around
# and back at the end.

def linear(X, W, b):
    return (W.T @ X.T + b.reshape(-1, 1)).T

def sigmoid(z):
    return 1.0 / (1.0 + np.e ** -z)

def forward(X, layers, activation="sigmoid"):
    x = X.T
    for k, (W, b) in enumerate(layers):
        x = W.T @ x + b.reshape(-1, 1)
        if k != len(layers) - 1:
            if activation == "sigmoid":
                x = sigmoid(x)
            elif activation == "tanh":
                x = np.tanh(x)
            else:
                x = (x + abs(x)) / 2
    return x.T

def forward_trace(X, layers, activation="sigmoid"):
    x = X.T
    t = []
    for k, (W, b) in enumerate(layers):
        z = W.T @ x + b.reshape(-1, 1)
        x = z
        if k != len(layers) - 1:
            if activation == "sigmoid":
                x = sigmoid(z)
            elif activation == "tanh":
                x = np.tanh(z)
            else:
                x = (z + abs(z)) / 2
        t.append((z.T, x.T))
    return t
