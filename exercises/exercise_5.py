"""Exercise 5: the training loop.

A network learns by going downhill on its loss J, a small step at a time. Each parameter θ,
a weight or a bias, moves against its own partial derivative:

    θ  ←  θ − η · ∂J/∂θ            η: the learning rate

All parameters move at once: the gradients of all layers belong to the same point, the one
before the step.

The words of training, for m samples:
  batch      the samples of one step: rows 0 … s−1, then s … 2s−1, and so on, of X and of Y
             alike, in this order and without shuffling; the last may be smaller
  iteration  one batch: its loss and gradients, then one step
  epoch      one pass over all samples, ⌈m/s⌉ iterations (the ceiling of m divided by s).
             100 samples in batches of 50 for 50 epochs: 100 iterations.

Parameters are given once, before the loop. Each iteration goes on where the last one ended.

`layers` is a list of pairs (W, b), W (n, l) and b (l,), and `gradients` a list of pairs
(dW, db) of the same shapes. X is (m, features), Y is (m, outputs).

`fit` trains the network of exercise 3 on J = 1/(2m) · Σ (ŷ − y)², with m the number of
samples in the batch. You may import your functions from those exercises,

    from exercise_3 import forward
    from exercise_4 import backward, mse_loss

or write them again here. Use NumPy; do not use a library that differentiates or trains for you.
None of the three functions changes what it is given.

To check `train`, the grader passes losses of its own that are no network's: `flat_loss`, whose
gradients are 0 and whose value tells the batches apart; `level_loss`, with the same value but
gradients that move the layers; `bowl_loss`, where value and gradients belong together; and
`recorded_loss`, the same as bowl_loss, which records the layers it is called with: there the
result is the layers at each of your `losses`, then those you return. Call the loss as often as
you like. Check your work with

    grade exercise-5

It builds on exercise-4.
"""

import numpy as np


def sgd_step(layers, gradients, learning_rate):
    """New layers, one step of gradient descent away; the given layers stay as they are.

    >>> layers = [(np.array([[2.0], [1.0]]), np.array([0.5]))]
    >>> gradients = [(np.array([[1.0], [-2.0]]), np.array([3.0]))]
    >>> sgd_step(layers, gradients, 0.1)
    [(array([[1.9],
           [1.2]]), array([0.2]))]
    """
    raise NotImplementedError


def train(X, Y, layers, loss_and_gradients, *, learning_rate, epochs, batch_size=None):
    """(layers, losses) after training.

    loss_and_gradients(X_batch, Y_batch, layers) gives (loss, gradients); a batch is rows of X
    and of Y, (samples, features) and (samples, outputs), also when it is a single sample.
    batch_size=None means that the whole set is one batch. `losses` has the loss of every
    iteration, before its step: epochs · ⌈m/batch_size⌉ numbers.

    With 5 samples and batch_size=2, an epoch uses rows 0 and 1, rows 2 and 3, and row 4.
    """
    raise NotImplementedError


def fit(X, Y, layers, *, activation="sigmoid", learning_rate, epochs, batch_size=None):
    """(layers, losses) of a network trained on J; `activation` is that of its hidden layers
    ("sigmoid", "tanh" or "relu"), the last layer is linear.

    >>> X, Y = np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]])
    >>> layers, losses = fit(X, Y, [(np.array([[1.0]]), np.array([0.0]))],
    ...                      learning_rate=0.25, epochs=2)
    >>> layers
    [(array([[2.140625]]), array([0.71875]))]
    >>> [float(loss) for loss in losses]
    [3.25, 0.0703125]
    """
    raise NotImplementedError
