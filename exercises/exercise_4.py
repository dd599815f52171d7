"""Exercise 4: backpropagation.

A network is wrong by some amount, and every weight has its share in that. Backpropagation
finds all the shares at once, from the last layer to the first.

The network is that of exercise 3: layers (W, b), a named activation ("sigmoid", "tanh" or
"relu") after every layer but the last, which is linear. Its loss is

    J = 1/(2m) · Σ (ŷ − y)²        summed over all samples and all outputs

where m is the number of samples, ŷ the prediction and y the target.

    X  (m, n)    m samples of n features
    Y  (m, k)    their targets, k for each sample; so has the prediction
    W  (n, l)    from n inputs to l neurons, b (l,), and X·W + b the preactivation

`backward` returns the gradient of J: for every layer a pair (dW, db), in the order of
`layers`. dW has the shape of W and in it, at every entry, ∂J/∂W of that entry; db alike.

An example, one sample through two layers of sigmoids:

    X = (1  2)    W1 = ( 0.5  −1 )   b1 = (0.5, 0)     W2 = (  2 )   b2 = (0.25)
    Y = (1)            ( −1    1 )                          ( −1 )

    prediction   (0.0568)                J = (0.0568 − 1)² / 2 = 0.4448
    dW2          (−0.2537)               db2 = (−0.9432)
                 (−0.6895)
    dW1          (−0.3709   0.1854)      db1 = (−0.3709  0.1854)
                 (−0.7418   0.3709)

Write the functions so that they
  - work for any number of samples, features, neurons, outputs and layers, each from 1 up;
  - take NumPy arrays of floats or of integers;
  - leave the arrays and the list they are given as they are: nothing is updated here.

Preactivations stay between −30 and 30, and none of relu's is exactly 0. You may write the
forward pass again or import yours: `from exercise_3 import forward_trace`. Use NumPy; do not
use a library that differentiates for you. Check your work with

    grade exercise-4

It builds on exercise-2 and exercise-3.
"""

import numpy as np


def mse_loss(prediction, target):
    """J = 1/(2m) · Σ (ŷ − y)² as one float; both arguments have the shape (m, k).

    >>> mse_loss(np.array([[1.0], [2.0]]), np.array([[0.0], [5.0]]))
    2.5
    """
    raise NotImplementedError


def backward(X, Y, layers, activation="sigmoid"):
    """The gradient of J: a list with one pair (dW, db) for each pair (W, b) of layers.

    >>> W1, b1 = np.array([[0.5, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.0])
    >>> W2, b2 = np.array([[2.0], [-1.0]]), np.array([0.25])
    >>> X, Y = np.array([[1.0, 2.0]]), np.array([[1.0]])
    >>> [(dW1, db1), (dW2, db2)] = backward(X, Y, [(W1, b1), (W2, b2)])
    >>> db2
    array([-0.94317574])
    """
    raise NotImplementedError
