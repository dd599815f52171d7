# expect: relu-at-the-end
# score: 8.5
import torch
import torch.nn as nn
import torch.optim as optim


def build_model():
    layers = []
    for n, l in [(1, 10), (10, 6), (6, 1)]:
        layers.append(nn.Linear(n, l))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
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
