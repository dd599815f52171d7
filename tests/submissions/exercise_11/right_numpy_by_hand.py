# expect: passed
# the network of exercise 3 to 5 in NumPy, and the weights written back
import numpy as np
import torch
from torch import nn


def build_model():
    model = nn.Sequential()
    model.add_module("fc1", nn.Linear(in_features=1, out_features=10))
    model.add_module("relu1", nn.ReLU())
    model.add_module("fc2", nn.Linear(in_features=10, out_features=6))
    model.add_module("relu2", nn.ReLU())
    model.add_module("fc3", nn.Linear(in_features=6, out_features=1))
    return model


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    X, Y = x.cpu().numpy(), y.cpu().numpy()
    linear = [layer for layer in model if hasattr(layer, "weight")]
    params = [[l.weight.detach().cpu().numpy().copy(), l.bias.detach().cpu().numpy().copy()] for l in linear]
    losses = []
    for _ in range(epochs):
        a = [X]
        for k, (W, b) in enumerate(params):
            z = a[-1] @ W.T + b
            a.append(np.maximum(z, 0) if k < len(params) - 1 else z)
        r = a[-1] - Y
        losses.append(float(np.abs(r).mean()))
        d = np.sign(r) / len(X)
        for k in range(len(params) - 1, -1, -1):
            W, b = params[k]
            dW, db = d.T @ a[k], d.sum(axis=0)
            d = (d @ W) * (a[k] > 0)
            params[k] = [W - learning_rate * dW, b - learning_rate * db]
    with torch.no_grad():
        for l, (W, b) in zip(linear, params):
            l.weight.copy_(torch.from_numpy(W))
            l.bias.copy_(torch.from_numpy(b))
    return losses
