"""Exercise 5, worked: the training loop."""

from exercise_3 import forward
from exercise_4 import backward, mse_loss


def sgd_step(layers, gradients, learning_rate):
    """θ − η·∂J/∂θ for every weight and bias; new arrays, so the given ones stay as they are."""
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(layers, gradients, strict=True)
    ]


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    """Gradient descent on one batch after the other, the whole set once in every epoch."""
    m = len(X)
    if batch_size is None:
        batch_size = m
    losses = []
    for _ in range(epochs):
        for start in range(0, m, batch_size):
            # The same rows of X and Y; past the end a slice is only shorter.
            rows = slice(start, start + batch_size)
            loss, gradients = loss_and_gradients(X[rows], Y[rows], layers)
            losses.append(loss)  # it belongs to the layers before the step
            # All layers step at once, with gradients that were taken at the same point.
            layers = sgd_step(layers, gradients, learning_rate)
    return layers, losses


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    """`train` with the loss of the network. The inner function remembers the activation."""

    def loss_and_gradients(X_batch, Y_batch, layers):
        prediction = forward(X_batch, layers, activation)
        return mse_loss(prediction, Y_batch), backward(X_batch, Y_batch, layers, activation)

    return train(
        X,
        Y,
        layers,
        loss_and_gradients,
        learning_rate=learning_rate,
        epochs=epochs,
        batch_size=batch_size,
    )
