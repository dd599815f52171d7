# expect: passed
import math
import numpy as np

def linear(X, W, b):
    X = X.tolist()
    columns = W.T.tolist()
    b = b.tolist()
    # exact sums, starting from the far end
    return np.array([[math.fsum([bj] + [x * w for x, w in zip(row[::-1], col[::-1])])
                      for col, bj in zip(columns, b)] for row in X])

def f(activation):
    def sigmoid(v):
        if v < 0:
            return 1 - 1 / (1 + math.exp(v))
        return 1 / (1 + math.exp(-v))
    def tanh(v):
        return (math.exp(v) - math.exp(-v)) / (math.exp(v) + math.exp(-v))
    def relu(v):
        return v * (v > 0)
    return np.vectorize({"sigmoid": sigmoid, "tanh": tanh, "relu": relu}[activation])

def forward_trace(X, layers, activation="sigmoid"):
    g = f(activation)
    record = []
    a = X
    for i in range(len(layers)):
        W = layers[i][0]
        b = layers[i][1]
        z = linear(a, W, b)
        a = z
        if i < len(layers) - 1:
            a = g(z)
        record.append((z, a))
    return record

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[len(layers) - 1][1]
