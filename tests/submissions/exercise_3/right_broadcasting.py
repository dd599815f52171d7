# expect: passed
import numpy as np

def linear(X, W, b):
    # (m, n, 1) * (n, l) -> (m, n, l), then add up the middle axis
    return (X[:, :, None] * W[None]).sum(axis=1) + b

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]

def forward_trace(X, layers, activation="sigmoid"):
    result = []
    n_layers = len(layers)
    current = X
    idx = 0
    while idx < n_layers:
        W, b = layers[idx]
        pre = linear(current, W, b)
        if idx == n_layers - 1:
            post = pre.copy()
        else:
            if activation == 'sigmoid':
                post = np.power(1 + np.exp(-pre), -1)
            elif activation == 'tanh':
                post = (np.exp(pre) - np.exp(-pre)) / (np.exp(pre) + np.exp(-pre))
            elif activation == 'relu':
                post = np.sqrt(pre ** 2) * (pre > 0)
        result.append((pre, post))
        current = post
        idx += 1
    return result
