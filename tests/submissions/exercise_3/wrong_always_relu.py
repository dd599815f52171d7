# expect: forward-always-relu, trace-always-relu
import numpy as np

# relu is the default everywhere nowadays

def linear(X, W, b):
    return X @ W + b

def forward_trace(X, layers, activation="relu"):
    trace = []
    h = X
    for W, b in layers[:-1]:
        z = linear(h, W, b)
        h = np.maximum(z, 0)
        trace.append((z, h))
    z = linear(h, *layers[-1])
    trace.append((z, z))
    return trace

def forward(X, layers, activation="relu"):
    return forward_trace(X, layers)[-1][1]
