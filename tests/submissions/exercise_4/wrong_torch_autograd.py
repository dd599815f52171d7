# expect: forbidden, outcome.forbidden
# score: 2
import torch

def mse_loss(prediction, target):
    return ((prediction - target)**2).sum() / (2*len(prediction))

def backward(X, Y, layers, activation="sigmoid"):
    f = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation]
    ps = [(torch.tensor(W, requires_grad=True), torch.tensor(b, requires_grad=True)) for W, b in layers]
    h = torch.tensor(X)
    for W, b in ps[:-1]:
        h = f(h @ W + b)
    J = mse_loss(h @ ps[-1][0] + ps[-1][1], torch.tensor(Y))
    J.backward()
    return [(W.grad.numpy(), b.grad.numpy()) for W, b in ps]
