# expect: passed
import numpy as np

# the bias is a weight on an input that is always 1

def with_ones(h):
    return np.hstack([h, np.ones((h.shape[0], 1))])

def mse_loss(prediction, target):
    return np.linalg.norm(prediction - target)**2 / (2*len(target))

def backward(X, Y, layers, activation="sigmoid"):
    thetas = [np.vstack([W, b]) for W, b in layers]
    hs = [with_ones(X)]
    slopes = []
    for theta in thetas[:-1]:
        z = hs[-1] @ theta
        if activation == "sigmoid":
            h = np.exp(z)/(1 + np.exp(z))
            s = h*(1 - h)
        elif activation == "tanh":
            h = (np.exp(z) - np.exp(-z))/(np.exp(z) + np.exp(-z))
            s = 1 - h*h
        else:
            h = np.clip(z, 0, None)
            s = np.heaviside(z, 0)
        hs.append(with_ones(h))
        slopes.append(s)
    delta = hs[-1] @ thetas[-1] - Y
    grads = []
    while thetas:
        theta = thetas.pop()
        G = hs.pop().T @ delta / len(X)
        grads.insert(0, (G[:-1], G[-1]))
        if slopes:
            delta = (delta @ theta.T)[:, :-1] * slopes.pop()
    return grads
