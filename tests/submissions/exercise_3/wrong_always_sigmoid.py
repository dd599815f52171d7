# expect: forward-always-sigmoid, trace-always-sigmoid
# score: 6.67
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def linear(X, W, b):
    return X @ W + b

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers)[-1][1]

def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    h = X
    for W, b in layers[:-1]:
        z = linear(h, W, b)
        h = sigmoid(z)
        trace.append((z, h))
    z = linear(h, *layers[-1])
    trace.append((z, z))
    return trace
