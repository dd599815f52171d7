# expect: passed
import numpy as np

def linear(X, W, b):
    return np.tensordot(X, W, axes=1) + np.tile(b, (X.shape[0], 1))

def forward_trace(X, layers, activation="sigmoid"):
    layers = list(layers)
    W_out, b_out = layers.pop()   # my own list, not the caller's
    trace = []
    h = X.astype(np.float64)
    for W, b in layers:
        z = linear(h, W, b)
        if activation == "sigmoid":
            h = (1 + np.tanh(z / 2)) / 2
        if activation == "tanh":
            h = 1 - 2 / (np.exp(2 * z) + 1)
        if activation == "relu":
            h = z.clip(min=0)
        trace.append(np.array([z, h]))
    z = linear(h, W_out, b_out)
    trace.append(np.stack([z, z]))
    return trace

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1].tolist()
