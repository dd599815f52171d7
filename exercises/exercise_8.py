"""Exercise 8: linear regression by gradient descent.

N samples, each a number x with a target y, and a line ŷ = w·x + b that should run close to
them. How far it is off is measured by the mean squared error,

    L(w, b) = 1/N · Σ (y − (w·x + b))²

a mean over the samples, without a ½ in front. Four functions:

1.  `mse`, the loss itself.

        w = 1, b = 0.5, x = (1, 2), y = (2, 4):   errors 0.5 and 1.5,   L = 1.25

2.  `mse_gradients`, its slopes ∂L/∂w and ∂L/∂b. Differentiate with the chain rule and count
    the minus signs twice: a step against the slopes has to make the loss smaller.

        at the same point:   ∂L/∂w = −3.5,   ∂L/∂b = −2

3.  `gradient_descent`, `steps` times

        w  ←  w − η · ∂L/∂w        b  ←  b − η · ∂L/∂b        η: the learning rate

    Both slopes belong to the same point, the one before the step.

4.  `largest_stable_learning_rate`. With a small η the losses go to the minimum, with a large one
    they explode. Between the two lies a limit, at and above which the descent no longer
    converges:

        2 / λ        λ: the largest eigenvalue of the Hessian of L

    The Hessian is the matrix of the second derivatives, by w twice, by w and b, by b twice. It
    depends on x alone.

        x = (1, 2):   0.2918        x = (−1, 1, 3):   0.25

w and b are single numbers, x and y arrays of shape (N,), N at least 1; integers are fine, too.
Write the functions so that they are right to all the digits of a float and leave their
arguments as they are. Results are numbers, and `losses` a list or an array of them.

Use NumPy; do not use a library that differentiates or fits for you. Check your work with

    grade exercise-8

It builds on exercise-2.
"""

import numpy as np


def mse(w, b, x, y):
    """The mean squared error of the line w·x + b, a number.

    >>> mse(1.0, 0.5, np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    1.25
    """
    raise NotImplementedError


def mse_gradients(w, b, x, y):
    """The slopes (∂L/∂w, ∂L/∂b) of the mean squared error: two numbers, w's first.

    >>> mse_gradients(1.0, 0.5, np.array([1.0, 2.0]), np.array([2.0, 4.0]))
    (-3.5, -2.0)
    """
    raise NotImplementedError


def gradient_descent(x, y, w, b, *, learning_rate, steps):
    """(w, b, losses) after `steps` steps from the given w and b.

    `losses` has one loss for every step, that of the point which the step starts from.

    >>> gradient_descent(np.array([1.0, 2.0]), np.array([2.0, 4.0]), 1.0, 0.5,
    ...                  learning_rate=0.125, steps=1)
    (1.4375, 0.75, [1.25])
    """
    raise NotImplementedError


def largest_stable_learning_rate(x):
    """The learning rate at and above which gradient descent on these samples stops converging."""
    raise NotImplementedError
