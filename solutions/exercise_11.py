"""Exercise 11, worked: training with PyTorch."""

import torch
from torch import nn


def build_model():
    """Made inside the function, so that every call draws new initial values."""
    return nn.Sequential(
        nn.Linear(1, 10),
        nn.ReLU(),
        nn.Linear(10, 6),
        nn.ReLU(),  # between two Linear layers, never after the last
        nn.Linear(6, 1),
    )


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    """Full-batch gradient descent on the mean absolute error."""
    model.to(device)  # a model moves itself ...
    x, y = x.to(device), y.to(device)  # ... of a tensor there is another one afterwards
    loss_function = nn.L1Loss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(epochs):
        loss = loss_function(model(x), y)
        optimizer.zero_grad()  # backward adds to what is there
        loss.backward()
        optimizer.step()
        losses.append(loss.item())  # computed before the step; a number, without its graph
    return losses


if __name__ == "__main__":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    x = torch.empty(1000, 1).uniform_(-15, 15)
    y = 8 * x**2 + 7 * x + 3 + torch.randn(1000, 1)
    losses = train(build_model(), x, y, epochs=5000, device=device)
    for epoch in range(0, 5000, 500):
        print(f"epoch {epoch:4}: {losses[epoch]:8.2f}")
    print(f"mean of the last 200: {sum(losses[-200:]) / 200:.2f} on {device}")
