# expect: precision.inexact
# score: 9
import numpy as np

def mse_loss(prediction, target):
    return np.sum((prediction - target)**2) / (2*len(prediction))

def forward(X, layers, activation):
    f = {"sigmoid": lambda z: 1/(1+np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    for W, b in layers[:-1]:
        X = f(X @ W + b)
    W, b = layers[-1]
    return X @ W + b

def backward(X, Y, layers, activation="sigmoid"):
    layers = [(W.astype(float), b.astype(float)) for W, b in layers]
    h = 1e-5
    grads = []
    for W, b in layers:
        pair = []
        for p in (W, b):
            g = np.zeros(p.shape)
            for i in np.ndindex(p.shape):
                old = p[i]
                p[i] = old + h
                up = mse_loss(forward(X, layers, activation), Y)
                p[i] = old - h
                down = mse_loss(forward(X, layers, activation), Y)
                p[i] = old
                g[i] = (up - down)/(2*h)
            pair.append(g)
        grads.append(tuple(pair))
    return grads
