# expect: passed
import math


def mse_loss(prediction, target):
    total = 0.0
    for p, t in zip(prediction, target):
        for a, b in zip(p, t):
            total += (a - b) ** 2
    return total / (2 * len(prediction))


def act(name, z):
    if name == "sigmoid":
        return 1 / (1 + math.exp(-z))
    if name == "tanh":
        return math.tanh(z)
    return max(0.0, z)


def slope(name, z):
    if name == "sigmoid":
        return act(name, z) * (1 - act(name, z))
    if name == "tanh":
        return 1 - math.tanh(z) ** 2
    return 1.0 if z > 0 else 0.0


def backward(X, Y, layers, activation="sigmoid"):
    m = len(X)
    grads = [
        [[[0.0] * W.shape[1] for _ in range(W.shape[0])], [0.0] * len(b)] for W, b in map(arrays, layers)
    ]
    # one sample after the other
    for s in range(m):
        a = [list(X[s])]
        zs = []
        for i, (W, b) in enumerate(layers):
            z = [sum(a[-1][j] * W[j][k] for j in range(len(a[-1]))) + b[k] for k in range(len(b))]
            zs.append(z)
            if i < len(layers) - 1:
                a.append([act(activation, v) for v in z])
            else:
                a.append(z)
        d = [a[-1][k] - Y[s][k] for k in range(len(Y[s]))]
        for i in range(len(layers) - 1, -1, -1):
            W, b = layers[i]
            for j in range(len(a[i])):
                for k in range(len(d)):
                    grads[i][0][j][k] += a[i][j] * d[k] / m
            for k in range(len(d)):
                grads[i][1][k] += d[k] / m
            if i:
                d = [
                    sum(d[k] * W[j][k] for k in range(len(d))) * slope(activation, zs[i - 1][j])
                    for j in range(len(a[i]))
                ]
    return grads


def arrays(layer):
    return layer[0], layer[1]
