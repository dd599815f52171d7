# expect: passed
# no numpy at all, just loops and math
import math


def linear(X, W, b):
    result = []
    for i in range(len(X)):
        row = []
        for j in range(len(b)):
            s = b[j]
            for k in range(len(W)):
                s += X[i][k] * W[k][j]
            row.append(s)
        result.append(row)
    return result


def activate(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + math.exp(-z))
    elif activation == "tanh":
        return math.tanh(z)
    elif activation == "relu":
        return z if z > 0 else 0.0


def forward_trace(X, layers, activation="sigmoid"):
    h = X
    trace = []
    for n in range(len(layers)):
        z = linear(h, layers[n][0], layers[n][1])
        if n < len(layers) - 1:
            h = [[activate(v, activation) for v in row] for row in z]
        else:
            h = z
        trace.append([z, h])
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][-1]
