# expect: passed
import torch
import torch.nn as nn
import torch.optim as optim
from torch.nn.utils import parameters_to_vector, vector_to_parameters


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
    losses = []
    for epoch in range(epochs):
        model.zero_grad()
        loss = loss_func(model(x), y)
        loss.backward()
        theta = parameters_to_vector(model.parameters())
        step = torch.cat([p.grad.reshape(-1) for p in model.parameters()])
        vector_to_parameters((theta - learning_rate * step).detach(), model.parameters())
        losses += loss.tolist(),
    return losses
