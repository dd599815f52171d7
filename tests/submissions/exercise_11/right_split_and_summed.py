# expect: passed
# gradients of single samples, added up in .grad before the one step of the epoch
import torch
from torch import nn, optim


def build_model():
    return nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 1, bias=True))


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    x = x.to(device); y = y.to(device)
    opt = optim.SGD(model.parameters(), learning_rate)
    losses = ()
    for epoch in range(1, epochs + 1):
        opt.zero_grad()
        total = 0.0
        for xi, yi in zip(x, y):
            loss = torch.nn.functional.l1_loss(model(xi), yi) / len(x)
            loss.backward()
            total += loss.item()
        opt.step()
        losses += (total,)
    return losses
