# expect: value.mismatch
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


def build_model():
    return nn.Sequential(
        nn.Linear(1, 10),
        nn.ReLU(),
        nn.Linear(10, 6),
        nn.ReLU(),
        nn.Linear(6, 1),
    )


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.to(device)
    x, y = x.to(device), y.to(device)
    loss_func = nn.L1Loss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb)
        losses.append(total / len(x))
    return losses
