# expect: passed
import torch
import torch.nn.functional as F


def build_model():
    model = torch.nn.Sequential()
    model.append(torch.nn.Linear(1, 10)); model.append(torch.nn.ReLU(inplace=True))
    model.append(torch.nn.Linear(10, 6)); model.append(torch.nn.ReLU(inplace=True))
    model.append(torch.nn.Linear(6, 1))
    return model


def one_epoch(model, x, y, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    opt.zero_grad()
    loss = F.l1_loss(model(x), y)
    loss.backward()
    opt.step()
    return loss.tolist()


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model.train()
    model.to(device)
    x, y = x.to(device), y.to(device)
    return [one_epoch(model, x, y, learning_rate) for _ in range(epochs)]
