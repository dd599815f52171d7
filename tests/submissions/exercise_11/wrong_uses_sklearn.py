# expect: outcome.forbidden
from sklearn.neural_network import MLPRegressor
from torch import nn


def build_model():
    return nn.Sequential(nn.Linear(1, 10), nn.ReLU(), nn.Linear(10, 6), nn.ReLU(), nn.Linear(6, 1))


def train(model, x, y, *, epochs, learning_rate=0.001, device="cpu"):
    net = MLPRegressor(hidden_layer_sizes=(10, 6), max_iter=epochs, learning_rate_init=learning_rate)
    net.fit(x.numpy(), y.numpy().ravel())
    return list(net.loss_curve_)
