"""Exercise 9: the perceptron and logic gates.

A perceptron weighs its inputs, adds a bias, and decides:

    net = bias + w1·x1 + … + wn·xn        prediction = 1 where net ≥ 0, else −1

It learns from its mistakes, one sample (x, target) at a time, with targets of −1 or 1:

    change = rate · (target − prediction)
    bias  ←  bias + change
    w     ←  w + change · x

A right prediction changes nothing. The class `Perceptron` keeps the bias and the weights in one
array `weight`, the bias first. All of it starts at 0, so the first net input of all is 0, and
the first prediction 1. An epoch takes all samples once, in their order, each with the weights as
the samples before it have left them; there are always `niter` epochs, also when nothing is wrong
any more. `errors` has a number for each epoch: how many updates there were in it.

    X = (2, 1), (1, −1)    y = −1, 1    rate = 0.5, niter = 3

        epoch 1   (2, 1): net 0, prediction 1, wrong     weight = (−1, −2, −1)
                  (1, −1): net −2, prediction −1, wrong  weight = (0, −1, −2)
        epoch 2   (2, 1): net −4, right                  (1, −1): net 1, right
        epoch 3   both right
        errors = 2, 0, 0

Then four gates, functions of two inputs that are 0 or 1, with an output of 0 or 1:

    x1 x2   AND  OR  NAND  XOR
    0  0     0    0    1    0
    0  1     0    1    1    1
    1  0     0    1    1    1
    1  1     1    1    0    0

AND, OR and NAND are one perceptron each: choose two weights and a bias by hand. No single
perceptron can be XOR, but one that gets the outputs of others can: make it of gates you have.
(What a gate gives is judged, and not how; written as `x1 and x2` it would teach you nothing.)

The grader shows a call to the class as `Perceptron(rate=0.5, niter=3, X=…, y=…, asked='weight')`:
it makes a Perceptron of that rate and niter, fits it to X and y, and asks for one thing, an
attribute or what `predict` or `net_input` give for X_test (`fits=2`: after it was fitted twice).
Gates are asked for all four pairs: `AND([0, 0, 1, 1], [0, 1, 0, 1])` stands for four
calls with two numbers each.

Use NumPy; do not use a library that has a perceptron. Check your work with

    grade exercise-9
"""

# ruff: noqa: N802 - gates are written in capitals

import numpy as np


class Perceptron:
    """A perceptron for labels −1 and 1.

    After `fit`:
      weight   array (1 + features,), the bias first
      errors   the number of updates in each epoch
    """

    def __init__(self, rate=0.01, niter=10):
        raise NotImplementedError

    def fit(self, X, y):
        """Learns from X, (samples, features), and y, (samples,), and returns the perceptron
        itself. Every call starts anew; X and y stay as they are.

        >>> model = Perceptron(rate=0.5, niter=3).fit(np.array([[2, 1], [1, -1]]),
        ...                                           np.array([-1, 1]))
        >>> model.weight, model.errors
        (array([ 0., -1., -2.]), [2, 0, 0])
        """
        raise NotImplementedError

    def net_input(self, X):
        """bias + w·x: an array for a batch (samples, features), a number for one (features,)."""
        raise NotImplementedError

    def predict(self, X):
        """1 where the net input is 0 or more, else −1; for a batch or for one sample."""
        raise NotImplementedError


def AND(x1, x2):
    """1 where both inputs are 1, else 0."""
    raise NotImplementedError


def OR(x1, x2):
    """0 where both inputs are 0, else 1."""
    raise NotImplementedError


def NAND(x1, x2):
    """0 where both inputs are 1, else 1."""
    raise NotImplementedError


def XOR(x1, x2):
    """1 where exactly one input is 1, else 0; made of the gates above."""
    raise NotImplementedError
