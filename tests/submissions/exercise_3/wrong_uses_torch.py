# expect: outcome.forbidden
# score: 0
import torch

def linear(X, W, b):
    return torch.tensor(X) @ torch.tensor(W) + torch.tensor(b)

def forward(X, layers, activation="sigmoid"):
    h = X
    for W, b in layers[:-1]:
        h = getattr(torch, activation)(linear(h, W, b))
    return linear(h, *layers[-1]).numpy()

def forward_trace(X, layers, activation="sigmoid"):
    pass
