# expect: passed
import numpy as np


def linear(X, W, b):
    out = np.empty((len(X), len(b)), dtype=np.float64)
    np.matmul(X, W, out=out)
    out += b
    return out


def _activate(z, name, out):
    if name == "tanh":
        np.tanh(z, out=out)
    elif name == "relu":
        np.maximum(z, 0.0, out=out)
    else:
        np.negative(z, out=out)
        np.exp(out, out=out)
        out += 1.0
        np.divide(1.0, out, out=out)


def forward(X, layers, activation="sigmoid"):
    h = np.array(X, dtype=np.float64)
    last = len(layers) - 1
    for i, (W, b) in enumerate(layers):
        h = linear(h, W, b)
        if i < last:
            _activate(h, activation, h)
    return h


def forward_trace(X, layers, activation="sigmoid"):
    h = np.array(X, dtype=np.float64)
    last = len(layers) - 1
    trace = []
    for i, (W, b) in enumerate(layers):
        z = linear(h, W, b)
        h = z.copy()
        if i < last:
            _activate(z, activation, h)
        trace.append((z, h))
    return trace
