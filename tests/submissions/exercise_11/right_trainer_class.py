# expect: passed
import torch
from torch import nn, optim


class Trainer:
    def __init__(self, model, lr, device):
        self.device = torch.device(device)
        self.model = model.to(self.device)
        self.criterion = nn.L1Loss(reduction="sum")
        self.optimizer = optim.SGD([{"params": [p]} for p in model.parameters()], lr=lr)
        self.history = []

    def epoch(self, x, y):
        prediction = self.model(x)
        loss = self.criterion(prediction, y) / x.size(0)
        self.history.append(loss.detach().cpu().item())
        self.model.zero_grad(set_to_none=False)
        loss.backward(retain_graph=True)
        self.optimizer.step()


def build_model():
    hidden = nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU())
    return nn.Sequential(hidden, nn.Linear(6, 1))


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    trainer = Trainer(model, learning_rate, device)
    x, y = x.to(trainer.device), y.to(trainer.device)
    while len(trainer.history) < epochs:
        trainer.epoch(x, y)
    return trainer.history
