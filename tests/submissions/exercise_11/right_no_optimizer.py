# expect: passed
# by hand: torch.autograd.grad and my own update
import torch
from torch.nn import Linear, ReLU, Sequential


def build_model():
    layers = []
    sizes = [1, 10, 6, 1]
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [Linear(a, b), ReLU()]
    return Sequential(*layers[:-1])


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    x = x.to(device)
    y = y.to(device)
    history = []
    for _ in range(epochs):
        loss = (model(x) - y).abs().mean()
        history.append(loss.item())
        params = list(model.parameters())
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g in zip(params, grads):
                p -= learning_rate * g
    return history
