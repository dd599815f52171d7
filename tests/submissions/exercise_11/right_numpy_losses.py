# expect: passed
import copy

import numpy as np
import torch
from torch import nn

_template = nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 1))


def build_model():
    model = copy.deepcopy(_template)
    for module in model:
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    return model


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model = model.to(device)
    x, y = x.clone().to(device), y.clone().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0, weight_decay=0)
    loss_fn = torch.nn.L1Loss()
    losses = np.zeros(epochs)
    for e in range(epochs):
        # squeezed on both sides, so nothing is broadcast
        loss = loss_fn(model(x).squeeze(-1), y.squeeze(-1))
        loss.backward()
        losses[e] = loss.detach().numpy()
        optimizer.step()
        optimizer.zero_grad()
    return losses
