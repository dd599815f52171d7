# expect: passed
# parameters as a dict, gradients by torch.func, written back at the end
import torch
from torch import nn
from torch.func import functional_call, grad_and_value


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 1))


def build_model():
    return Net()


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model = model.to(device)
    x, y = x.to(device), y.to(device)
    params = {name: p.detach().clone() for name, p in model.named_parameters()}

    def error(params):
        return torch.mean(torch.abs(functional_call(model, params, (x,)) - y))

    losses = []
    for _ in range(epochs):
        grads, loss = grad_and_value(error)(params)
        params = {name: p - learning_rate * grads[name] for name, p in params.items()}
        losses.append(loss.item())
    model.load_state_dict(params)
    return losses
