# expect: passed
import numpy as np

# every derivative of the prediction forwards, then one product with the error

def mse_loss(prediction, target):
    return ((target - prediction) ** 2).sum() / 2 / prediction.shape[0]

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def backward(X, Y, layers, activation="sigmoid"):
    m = len(X)
    grads = [(np.empty(np.shape(W)), np.empty(np.shape(b))) for W, b in layers]
    h = np.array(X, float)
    tangents = []  # (where to put it, d h / d parameter)
    for i, (W, b) in enumerate(layers):
        z = h @ W + b
        moved = [(put, t @ W) for put, t in tangents]
        for k in range(z.shape[1]):
            for j in range(h.shape[1]):
                t = np.zeros(z.shape)
                t[:, k] = h[:, j]
                moved.append(((i, 0, (j, k)), t))
            t = np.zeros(z.shape)
            t[:, k] = 1
            moved.append(((i, 1, k), t))
        if i < len(layers) - 1:
            if activation == "sigmoid":
                h = sigmoid(z)
                slope = h * (1 - h)
            elif activation == "tanh":
                h = np.tanh(z)
                slope = 1 - h**2
            else:
                h = np.maximum(z, 0)
                slope = (h > 0).astype(float)
            tangents = [(put, t * slope) for put, t in moved]
        else:
            h, tangents = z, moved
    for (i, which, at), t in tangents:
        grads[i][which][at] = ((h - Y) * t).sum() / m
    return grads
