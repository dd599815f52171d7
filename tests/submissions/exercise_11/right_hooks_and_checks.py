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
    model.to(device)
    x, y = x.to(device), y.to(device)
    loss_func = nn.L1Loss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    if epochs < 1 or learning_rate <= 0:
        raise ValueError('nothing to do')
    for epoch in range(epochs):
        output = model(x)
        assert output.shape == y.shape
        loss = loss_func(output, y)
        if torch.isnan(loss) or torch.isinf(loss):
            raise ValueError("the loss is not a number any more: smaller learning rate?")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        print('at the end:', loss_func(model(x), y).item())
    return losses
