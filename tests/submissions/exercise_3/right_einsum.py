# expect: passed
import numpy as np


def linear(X, W, b):
    return np.einsum("mn,nl->ml", X, W) + b[np.newaxis, :]


def forward_trace(X, layers, activation="sigmoid"):
    fs = dict(sigmoid=lambda t: 0.5 + 0.5 * np.tanh(t / 2), tanh=np.tanh, relu=lambda t: t * (t > 0))
    f = fs[activation]
    zs = [linear(X, *layers[0])]
    for W, b in layers[1:]:
        zs.append(linear(f(zs[-1]), W, b))
    hs = [f(z) for z in zs[:-1]] + [zs[-1]]
    return list(zip(zs, hs))


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][0]
