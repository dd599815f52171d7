# expect: passed
import torch
from torch import nn


class Layer(nn.Linear):
    """A Linear layer that says its size."""

    def extra_repr(self):
        return f"{self.in_features} -> {self.out_features}"


def build_model():
    return nn.Sequential(Layer(1, 10), nn.ReLU(), Layer(10, 6), nn.ReLU(), Layer(6, 1))


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(epochs):
        loss = nn.functional.l1_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
