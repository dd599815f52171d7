"""Exercise 3: the forward pass.

A network is a list of layers, and a layer is a pair (W, b). A whole batch goes through at
once: X has one row for each sample and one column for each feature.

    X  (m, n)     m samples of n features
    W  (n, l)     from n inputs to l neurons
    b  (l,)       one bias for each neuron
    z = X·W + b   the preactivation, (m, l)

Between two layers stands an activation, which works on every entry by itself:

    "sigmoid"   σ(z) = 1 / (1 + e⁻ᶻ)
    "tanh"      tanh(z)
    "relu"      max(0, z)

A layer receives what the one before it gives; the first receives X. Every hidden layer is
activated with the activation that is named. The last layer, the output layer, is linear: its
preactivation is the prediction. A network of one layer has no hidden ones.

An example, one sample through two layers:

    X = (1  2)    W1 = ( 0.5  −1 )   b1 = (0.5, 0)     W2 = (  2 )   b2 = (0.25)
                       ( −1    1 )                          ( −1 )

    z1 = (−1   1)            1·0.5 + 2·(−1) + 0.5 = −1  and  1·(−1) + 2·1 + 0 = 1
    h1 = (0.2689  0.7311)    the sigmoid of both
    z2 = (0.0568)            the prediction: 0.2689·2 + 0.7311·(−1) + 0.25

Write the functions so that they
  - work for any number of samples, features, neurons and layers, each from 1 up;
  - take NumPy arrays of floats or of integers;
  - leave the arrays and the list they are given as they are.

Preactivations stay between −30 and 30. Use NumPy; do not use a library that has networks in
it. Check your work with

    grade exercise-3

It builds on exercise-1.
"""

import numpy as np


def linear(X, W, b):
    """The preactivation of one layer: X (m, n), W (n, l) and b (l,) give (m, l)."""
    raise NotImplementedError


def forward(X, layers, activation="sigmoid"):
    """The prediction of the network for a batch X, of shape (m, outputs).

    layers is a list of pairs (W, b); activation is "sigmoid", "tanh" or "relu".

    >>> W1, b1 = np.array([[0.5, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.0])
    >>> W2, b2 = np.array([[2.0], [-1.0]]), np.array([0.25])
    >>> forward(np.array([[1.0, 2.0]]), [(W1, b1), (W2, b2)])
    array([[0.05682426]])
    """
    raise NotImplementedError


def forward_trace(X, layers, activation="sigmoid"):
    """Everything on the way: a list with a pair (preactivation, activation) for each layer.

    Both are arrays of shape (m, l), and in the last pair they are equal. In the example the
    list is [(z1, h1), (z2, z2)]. Backpropagation will need these numbers.
    """
    raise NotImplementedError
