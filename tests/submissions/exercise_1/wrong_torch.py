# expect: forbidden, outcome.forbidden
# score: 0
import numpy as np
import torch

def sigmoid(x):
    return torch.sigmoid(torch.tensor(x)).numpy()

def sigmoid_derivative(x):
    t = torch.tensor(x, requires_grad=True)
    torch.sigmoid(t).sum().backward()
    return t.grad.numpy()
