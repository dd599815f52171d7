"""Exercise 13: why deep networks stop learning.

A layer learns from its gradient. In a deep network the gradient of the first layers has come a
long way: at every layer it was multiplied by the weights and by the slope of the activation,
and that slope is small. The sigmoid's is ¼ at most, and next to nothing where a unit is
saturated, so far out that the curve is flat. relu's slope is 1 or 0: a unit that is 0 for every
sample is dead, it lets nothing through and its own weights have no gradient to learn from. Here
you build three instruments that show it.

The network is that of exercise 3: `layers` is a list of pairs (W, b), W (n, l) and b (l,), X is
(m, n), z = X·W + b; hidden layers use the named activation ("sigmoid", "tanh" or "relu"), the
last layer is linear. Nothing is trained and there is no loss: S is the sum of all outputs, over
all samples and all outputs.

  gradient_norms     how much S depends on the weights of each layer: the Frobenius norm of
                     ∂S/∂W, the root of the sum of the squares of all its entries,
                     ‖G‖ = √(Σ G²). The first number belongs to the first layer; the last layer
                     counts, biases do not.
  activation_means   the mean activation of each hidden layer, one number over all samples and
                     units. Sigmoids that are saturated have means near 0 or 1.
  dead_fraction      for each hidden layer of a relu network, the share of its units that are 0
                     for every sample, from 0 to 1.

An example, the network and the sample of exercise 3:

    X = (1  2)    W1 = ( 0.5  −1 )   b1 = (0.5, 0)     W2 = (  2 )   b2 = (0.25)
                       ( −1    1 )                          ( −1 )

    z1 = (−1   1)   h1 = (0.2689  0.7311)
    ∂S/∂W2 = h1ᵀ, its norm √(0.2689² + 0.7311²) = 0.7790
    ∂S/∂W1 = ( 0.3932  −0.1966 )     its norm 0.9831
             ( 0.7864  −0.3932 )
    the mean activation of the hidden layer: (0.2689 + 0.7311) / 2 = 0.5
    with relu, h1 = (0  1): one of two units is 0 for the only sample, a share of 0.5

Each function returns a list of numbers. A network of one layer has one gradient and no hidden
layers: the other two return []. All arguments stay as they are. Preactivations stay between −30
and 30, and none of relu's is exactly 0.

You may import from your earlier exercises: `from exercise_3 import forward_trace`. Use NumPy; do
not use a library that differentiates for you. Check your work with

    grade exercise-13

It builds on exercise-4 and exercise-6.

Then use them. Five layers of ten sigmoids each, weights drawn at random:

    rng = np.random.default_rng(0)
    layers = [(rng.normal(size=(10, 10)) / np.sqrt(10), np.zeros(10)) for _ in range(5)]
    gradient_norms(rng.normal(size=(20, 10)), layers, "sigmoid")

The first layer's norm is two thousand times smaller than the last one's: at the same learning
rate it all but stands still. What becomes of that with ten layers, with weights three times as
large, with "tanh", with "relu"? And of dead_fraction, when the biases are −1?
"""

import numpy as np


def gradient_norms(X, layers, activation):
    """For each layer the Frobenius norm of ∂(sum of all outputs)/∂W, the first layer's first.

    >>> W1, b1 = np.array([[0.5, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.0])
    >>> W2, b2 = np.array([[2.0], [-1.0]]), np.array([0.25])
    >>> norms = gradient_norms(np.array([[1.0, 2.0]]), [(W1, b1), (W2, b2)], "sigmoid")
    >>> [round(float(norm), 4) for norm in norms]
    [0.9831, 0.779]
    """
    raise NotImplementedError


def activation_means(X, layers, activation):
    """For each hidden layer the mean of its activations, over all samples and units."""
    raise NotImplementedError


def dead_fraction(X, layers):
    """For each hidden layer, with relu, the share of its units that are 0 for every sample."""
    raise NotImplementedError
