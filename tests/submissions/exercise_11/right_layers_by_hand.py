# expect: passed
# no autograd at all: the gradients as in exercise 4
from collections import OrderedDict

import torch
from torch import nn


def build_model():
    return nn.Sequential(OrderedDict([
        ("hidden1", nn.Linear(1, 10)), ("act1", nn.ReLU()),
        ("hidden2", nn.Linear(10, 6)), ("act2", nn.ReLU()),
        ("out", nn.Linear(6, 1)),
    ]))


@torch.no_grad()
def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    x, y = x.to(device), y.to(device)
    linears = [m for m in model if isinstance(m, nn.Linear)]
    losses = []
    for e in range(epochs):
        hs = [x]
        for i, lin in enumerate(linears):
            z = torch.einsum("ni,oi->no", hs[-1], lin.weight) + lin.bias
            hs.append(z if i == len(linears) - 1 else z.clamp(min=0))
        r = hs[-1] - y
        losses.append(float(torch.sum(torch.abs(r)) / len(x)))
        delta = torch.sign(r)
        updates = []
        for i in reversed(range(len(linears))):
            updates.append((linears[i], delta.T @ hs[i] / len(x), delta.sum(0) / len(x)))
            delta = (delta @ linears[i].weight) * (hs[i] > 0)
        for lin, dW, db in updates:
            lin.weight.sub_(learning_rate * dW)
            lin.bias.sub_(learning_rate * db)
    return losses
