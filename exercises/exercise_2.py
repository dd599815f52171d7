"""Exercise 2: the chain rule.

A network is functions inside functions. The chain rule gives the slope of the whole from the
slopes of the parts: where f depends on q and q depends on x,

    ∂f/∂x = ∂f/∂q · ∂q/∂x

Three times the same idea, each time a little longer.

1.  f = (x + y)·z, a sum and a product. With q = x + y: f = q·z.

        at x = −2, y = 5, z = −4:   ∂f/∂x = −4   ∂f/∂y = −4   ∂f/∂z = 3

2.  One neuron with two inputs, two weights and a bias w2:

        f = 1 / (1 + e^−(w0·x0 + w1·x1 + w2))

        at w = (2, −3, −3), x = (−1, −2):
        ∂f/∂w = (−0.1966, −0.3932, 0.1966)   ∂f/∂x = (0.3932, −0.5898)

3.  Two sigmoids, one inside the other; every letter is a single number:

        loss = w3·σ(w2·σ(w1·x + b1) + b2) + b3 − y

    The loss is the bare difference of prediction and y, without a square, so that only the
    chain is left to think about. A bias is added after its weight has multiplied.

Write the functions so that they
  - give the derivatives by a formula, right to all the digits of a float;
  - take floats, integers, NumPy numbers, and for the neuron any NumPy array of the size;
  - leave their arguments as they are.

Use NumPy; do not use a library that differentiates for you. You may write a sigmoid here or
import yours: `from exercise_1 import sigmoid`. Check your work with

    grade exercise-2

It builds on exercise-1.
"""

import numpy as np


def product_gradients(x, y, z):
    """The partial derivatives of f = (x + y)·z at three numbers: (df_dx, df_dy, df_dz).

    >>> product_gradients(-2, 5, -4)
    (-4, -4, 3)
    """
    raise NotImplementedError


def neuron_gradients(w, x):
    """The gradients of f = 1 / (1 + e^−(w0·x0 + w1·x1 + w2)): (df_dw, df_dx).

    w has shape (3,), its last entry is the bias; x has shape (2,).
    df_dw has the shape of w, df_dx the shape of x.
    """
    raise NotImplementedError


def chain_gradients(x, y, params):
    """The partial derivative of the loss by every parameter.

    params is a dict of six numbers with the keys "w1", "b1", "w2", "b2", "w3", "b3".
    The result is a dict with the same six keys: result["w1"] is ∂loss/∂w1, and so on.
    """
    raise NotImplementedError
