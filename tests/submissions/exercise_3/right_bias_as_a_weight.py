# expect: passed
import numpy as np

# trick from the book: a column of ones makes b one more row of W

def linear(X, W, b):
    ones = np.ones((X.shape[0], 1))
    return np.hstack([X, ones]) @ np.vstack([W, b])

def sigmoid(z):
    e = np.exp(-abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))

def forward(X, layers, activation="sigmoid"):
    g = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.where(z > 0, z, 0)}[activation]
    for i, (W, b) in enumerate(layers):
        X = linear(X, W, b)
        if i + 1 < len(layers):
            X = g(X)
    return X

def forward_trace(X, layers, activation="sigmoid"):
    g = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.where(z > 0, z, 0)}[activation]
    pairs = []
    for i, (W, b) in enumerate(layers):
        Z = linear(X, W, b)
        X = Z if i + 1 == len(layers) else g(Z)
        pairs += [(Z, X)]
    return pairs
