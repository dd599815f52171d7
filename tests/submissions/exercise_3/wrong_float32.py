# expect: precision.float32
# score: 8
import numpy as np

def f32(a):
    return np.asarray(a, dtype=np.float32)

def linear(X, W, b):
    return f32(X) @ f32(W) + f32(b)

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]

def forward_trace(X, layers, activation="sigmoid"):
    t = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = linear(h, W, b)
        if i == len(layers) - 1:
            h = z
        elif activation == "relu":
            h = np.maximum(z, 0)
        elif activation == "tanh":
            h = np.tanh(z)
        else:
            h = 1 / (1 + np.exp(-z))
        t.append((z, h))
    return t
