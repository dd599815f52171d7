# expect: loss-without-half
# score: 8
import numpy as np

def mse_loss(prediction, target):
    return np.sum((prediction - target)**2) / len(prediction)

def sigmoid(z):
    return 1/(1 + np.exp(-z))

def act(z, activation):
    if activation == "sigmoid":
        return sigmoid(z)
    if activation == "tanh":
        return np.tanh(z)
    return np.maximum(0, z)

def act_derivative(z, activation):
    if activation == "sigmoid":
        return sigmoid(z)*(1 - sigmoid(z))
    if activation == "tanh":
        return 1 - np.tanh(z)**2
    return (z > 0)*1.0

def backward(X, Y, layers, activation="sigmoid"):
    m = len(X)
    h = [X]
    z = []
    for i in range(len(layers)):
        W, b = layers[i]
        z.append(h[-1] @ W + b)
        if i < len(layers) - 1:
            h.append(act(z[-1], activation))
        else:
            h.append(z[-1])
    delta = (h[-1] - Y)/m
    grads = []
    for i in range(len(layers)-1, -1, -1):
        dW = h[i].T @ delta
        db = np.sum(delta, axis=0)
        grads.insert(0, (dW, db))
        if i > 0:
            delta = (delta @ layers[i][0].T) * act_derivative(z[i-1], activation)
    return grads
