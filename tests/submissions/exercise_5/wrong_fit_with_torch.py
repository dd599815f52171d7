# expect: forbidden, outcome.forbidden
# score: 7
import numpy as np




def sgd_step(layers, gradients, learning_rate):
    new = []
    for (W, b), (dW, db) in zip(layers, gradients):
        new.append((W - learning_rate * dW, b - learning_rate * db))
    return new


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    if batch_size is None:
        batch_size = len(X)
    losses = []
    for epoch in range(epochs):
        for i in range(0, len(X), batch_size):
            loss, gradients = loss_and_gradients(X[i:i+batch_size], Y[i:i+batch_size], layers)
            losses.append(loss)
            layers = sgd_step(layers, gradients, learning_rate)
    return layers, losses


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    import torch
    params = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in layers]
    opt = torch.optim.SGD([p for pair in params for p in pair], lr=learning_rate)
    losses = []
    for _ in range(epochs):
        for x, y in zip(torch.tensor(X).split(batch_size or len(X)), torch.tensor(Y).split(batch_size or len(X))):
            h = x
            for W, b in params[:-1]:
                h = getattr(torch, activation)(h @ W + b)
            loss = ((h @ params[-1][0] + params[-1][1] - y) ** 2).sum() / (2 * len(x))
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
    return [(W.detach().numpy(), b.detach().numpy()) for W, b in params], losses
