# expect: passed
from exercise_3 import forward
from exercise_4 import backward, mse_loss

def sgd_step(layers, gradients, learning_rate):
    return [
        tuple(p - learning_rate * g for p, g in zip(layer, gradient))
        for layer, gradient in zip(layers, gradients)
    ]


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
    def loss_and_gradients(x, y, layers):
        return mse_loss(forward(x, layers, activation), y), backward(x, y, layers, activation)

    return train(X, Y, layers, loss_and_gradients,
                 learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)
