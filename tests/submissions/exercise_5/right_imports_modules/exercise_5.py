# expect: passed
import exercise_3 as e3
import exercise_4 as e4

def sgd_step(layers, gradients, learning_rate):
    out = []
    for i in range(len(layers)):
        out.append((layers[i][0] - learning_rate * gradients[i][0],
                    layers[i][1] - learning_rate * gradients[i][1]))
    return out


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    size = len(X) if batch_size is None else batch_size
    losses = []
    for i in [*range(0, len(X), size)] * epochs:
        loss, grads = loss_and_gradients(X[i:][:size], Y[i:][:size], layers)
        losses.append(loss)
        layers = sgd_step(layers, grads, learning_rate)
    return (layers, losses)


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    def J(x, y, l):
        return e4.mse_loss(e3.forward(x, l, activation=activation), y), e4.backward(x, y, l, activation=activation)
    return train(X, Y, layers, J, learning_rate=learning_rate, epochs=epochs, batch_size=batch_size)


if __name__ == "__main__":
    import numpy as np
    rng = np.random.default_rng(0)
    X = rng.normal(size=(100, 1))
    layers = [(rng.normal(size=(1, 8)), np.zeros(8)), (rng.normal(size=(8, 1)), np.zeros(1))]
    layers, losses = fit(X, np.sin(X), layers, learning_rate=0.1, epochs=50, batch_size=50)
    print(len(losses), losses[0], losses[-1])
