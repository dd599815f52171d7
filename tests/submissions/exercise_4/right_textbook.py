# expect: passed
import numpy as np

def mse_loss(prediction, target):
    return np.sum((prediction - target)**2) / (2*prediction.shape[0])

def sigmoid(z):
    return 1/(1+np.exp(-z))

def g(z, name):
    if name == "sigmoid":
        return sigmoid(z)
    elif name == "tanh":
        return np.tanh(z)
    elif name == "relu":
        return np.maximum(0, z)

def g_prime(z, name):
    if name == "sigmoid":
        return sigmoid(z)*(1-sigmoid(z))
    elif name == "tanh":
        return 1 - np.tanh(z)**2
    elif name == "relu":
        return (z > 0).astype(float)

def backward(X, Y, layers, activation="sigmoid"):
    m = X.shape[0]
    A = [X]
    Z = []
    for l, (W, b) in enumerate(layers):
        Z.append(A[l] @ W + b)
        if l == len(layers)-1:
            A.append(Z[l])
        else:
            A.append(g(Z[l], activation))
    dZ = A[-1] - Y
    grads = []
    for l in range(len(layers)-1, -1, -1):
        dW = 1/m * np.dot(A[l].T, dZ)
        db = 1/m * np.sum(dZ, axis=0)
        grads.append((dW, db))
        if l > 0:
            dA = np.dot(dZ, layers[l][0].T)
            dZ = dA * g_prime(Z[l-1], activation)
    grads.reverse()
    return grads
