# expect: load.failed
# score: 0
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
import torch.nn.init as init
from torch.autograd import Variable
from visdom import Visdom
viz = Visdom()

num_data = 1000
num_epoch = 5000


def build_model():
    model = nn.Sequential(
        nn.Linear(1,10),
        nn.ReLU(),
        nn.Linear(10,6),
        nn.ReLU(),
        nn.Linear(6,1),
    )
    return model


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    model = model.to(device)
    loss_func = nn.L1Loss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)

    loss_arr = []
    label = Variable(y.to(device))
    for i in range(epochs):
        output = model(Variable(x.to(device)))
        optimizer.zero_grad()

        loss = loss_func(output, label)
        loss.backward()
        optimizer.step()
        if i % 100 == 0:
            print(loss)
        loss_arr.append(float(loss.cpu().data.numpy()))
    return loss_arr


if __name__ == "__main__":
    x = init.uniform_(torch.Tensor(num_data,1), -15, 15)
    y = 8*(x**2) + 7*x + 3
    noise = init.normal_(torch.FloatTensor(num_data,1), std=1)
    losses = train(build_model(), x, y + noise, epochs=num_epoch)
    viz = Visdom()
    viz.line(np.array(losses), win="loss")
