# expect: outcome.missing
# score: 7

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
