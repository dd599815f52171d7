# expect: passed
import torch
import torch.nn as nn
import torch.optim as optim


def build_model():
    return nn.Sequential(
        nn.Linear(1, 10),
        nn.ReLU(),
        nn.Linear(10, 6),
        nn.ReLU(),
        nn.Linear(6, 1),
    )


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    torch.set_default_device(device)
    model.to(device)
    x, y = x.to(device), y.to(device)
    loss_func = nn.L1Loss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for epoch in range(epochs):
        output = model(x)
        loss = loss_func(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
