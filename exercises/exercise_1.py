"""Exercise 1: the sigmoid and its derivative.

The sigmoid (or logistic) function turns any number into one between 0 and 1:

    σ(x) = 1 / (1 + e⁻ˣ)        σ(0) = 0.5,   σ(2) ≈ 0.8808,   σ(−2) ≈ 0.1192

Its derivative σ′(x) says how steep the curve is at x. It is largest in the middle,
σ′(0) = 0.25, and goes to 0 on both sides. Find it with the chain rule.

Write both functions so that they
  - take a number or an array of any shape, and give back one value for every entry;
  - stay finite and right for |x| up to 10 000;
  - leave their argument as it is.

Use NumPy; do not use a library that differentiates for you. Check your work with

    grade exercise-1
"""

import numpy as np


def sigmoid(x):
    """σ(x) for a number or an array x; the result has the shape of x.

    >>> sigmoid(np.array([0.0, 2.0]))
    array([0.5       , 0.88079708])
    """
    raise NotImplementedError


def sigmoid_derivative(x):
    """σ′(x), the slope of the sigmoid at x, for a number or an array x.

    x is the argument of the sigmoid, not its output.
    """
    raise NotImplementedError
