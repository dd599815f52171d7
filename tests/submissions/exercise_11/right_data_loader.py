# expect: passed
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
    loss_func = nn.L1Loss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    loader = DataLoader(TensorDataset(x, y), batch_size=len(x), shuffle=False)
    losses = []
    for epoch in range(epochs):
        for xb, yb in loader:  # one batch: everything
            xb, yb = xb.to(device), yb.to(device)
            loss = loss_func(model(xb), yb)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    return losses
