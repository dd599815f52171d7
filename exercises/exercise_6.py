"""Exercise 6: activation functions.

Between its layers a network bends the numbers; without that, any number of layers would be no
more than one. These are the functions that it is bent with, oldest first.

    unit step          0 for z < 0,   ½ for z = 0,   1 for z > 0
    sign               −1 for z < 0,  0 for z = 0,   1 for z > 0
    piecewise linear   0 for z ≤ −½,  z + ½ between, 1 for z ≥ ½
    tanh               (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)
    ReLU               0 for z ≤ 0,           z for z > 0
    leaky ReLU         α·z for z ≤ 0,         z for z > 0       α = 0.01 unless given
    ELU                α·(eᶻ − 1) for z ≤ 0,  z for z > 0       α = 1 unless given

    at z = −2:   step 0   sign −1   piecewise 0   tanh −0.9640   ReLU 0   leaky −0.02   ELU −0.8647
    at z = 0.3:  step 1   sign 1    piecewise 0.8 tanh 0.2913    ReLU 0.3 leaky 0.3     ELU 0.3

Then the derivatives of the last four by z, as backpropagation needs them. Each takes z, the
argument of the function, not its output. ReLU, the leaky ReLU and (for α < 1) the ELU have a
corner at 0; there, any value between the slope on the left and the slope on the right is right.

Write all of them so that they
  - take a number or an array of any shape, of floats or integers, and give back one value for
    every entry;
  - take α, between 0 (excluded) and 1, as a second argument or by its name, alpha;
  - stay finite and right for |z| up to 10 000;
  - leave their arguments as they are.

Use NumPy; do not use a library that differentiates for you. Check your work with

    grade exercise-6

It builds on exercise-1.
"""

import numpy as np


def unit_step(z):
    """0 left of 0, ½ at 0, 1 right of it.

    >>> unit_step(np.array([-2.0, 0.0, 0.3]))
    array([0. , 0.5, 1. ])
    """
    raise NotImplementedError


def sign(z):
    """−1 left of 0, 0 at 0, 1 right of it."""
    raise NotImplementedError


def piecewise_linear(z):
    """A ramp: 0 up to z = −½, then z + ½, and 1 from z = ½ on."""
    raise NotImplementedError


def tanh(z):
    """The hyperbolic tangent of z, between −1 and 1."""
    raise NotImplementedError


def relu(z):
    """z where it is positive, else 0."""
    raise NotImplementedError


def leaky_relu(z, alpha=0.01):
    """z where it is positive, else alpha·z; 0 < alpha ≤ 1."""
    raise NotImplementedError


def elu(z, alpha=1.0):
    """z where it is positive, else alpha·(eᶻ − 1); 0 < alpha ≤ 1.

    >>> elu(np.array([-2.0, 0.3]), alpha=0.5)
    array([-0.43233236,  0.3       ])
    """
    raise NotImplementedError


def tanh_derivative(z):
    """The slope of tanh at z. z is the argument of tanh, not its output."""
    raise NotImplementedError


def relu_derivative(z):
    """The slope of ReLU at z."""
    raise NotImplementedError


def leaky_relu_derivative(z, alpha=0.01):
    """The slope of the leaky ReLU at z."""
    raise NotImplementedError


def elu_derivative(z, alpha=1.0):
    """The slope of the ELU at z."""
    raise NotImplementedError
