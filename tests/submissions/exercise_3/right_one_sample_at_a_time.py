# expect: passed
import numpy as np

def linear(X, W, b):
    m = X.shape[0]
    l = W.shape[1]
    Z = np.zeros((m, l))
    for i in range(m):
        for j in range(l):
            Z[i, j] = np.dot(X[i, :], W[:, j]) + b[j]
    return Z

def forward(X, layers, activation="sigmoid"):
    predictions = []
    for x in X:
        h = x
        for n, (W, b) in enumerate(layers):
            h = W.T.dot(h) + b
            if n < len(layers) - 1:
                if activation == "relu":
                    h = np.array([max(v, 0) for v in h])
                elif activation == "tanh":
                    h = np.tanh(h)
                else:
                    h = 1 / (1 + np.exp(-h))
        predictions.append(h)
    return np.vstack(predictions)

def forward_trace(X, layers, activation="sigmoid"):
    result = []
    for n in range(1, len(layers) + 1):
        z = forward(X, layers[:n], activation)     # network cut off after layer n
        if n == len(layers):
            h = z
        elif activation == "relu":
            h = np.vectorize(lambda v: max(v, 0.0))(z)
        elif activation == "tanh":
            h = np.tanh(z)
        else:
            h = 1 / (1 + np.exp(-h_safe(z)))
        result.append((z, h))
    return result

def h_safe(z):
    return np.clip(z, -500, 500)
