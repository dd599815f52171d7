"""Exercise 7: softmax and cross-entropy.

A network that chooses between k classes ends in k numbers for each sample, its *logits* z. They
may be anything; softmax turns them into probabilities, and cross-entropy says how bad these are
when the right class is known.

    softmax        pᵢ = e^zᵢ / (e^z₀ + e^z₁ + ... )      positive, and a row sums to 1

    Jacobian       Jᵢⱼ = ∂pᵢ/∂zⱼ                         how output i moves with logit j

    one-hot        class 2 of 4  →  [0, 0, 1, 0]         labels count from 0

    cross-entropy  L = −1/m · Σ log p[label]             m samples, natural logarithm; of each
                                                         sample the probability of its label

    gradient       ∂L/∂z                                 one number for every logit

        softmax of [1, 2, 3]            ≈ [0.0900, 0.2447, 0.6652]
        cross-entropy of logits [[1, 2, 3]] with label [2]   ≈ 0.4076
        its gradient                    ≈ [[0.0900, 0.2447, −0.3348]]

Logits are `(m, k)`, one row for each sample. Labels are a 1-d array of m whole numbers from 0 to
k − 1, of type int64 or a smaller integer type, from int8 to uint32.

Adding the same number to every logit of a row changes none of these results. That is more than a
curiosity: np.exp(1000) is infinite, and with it your functions can still be exact. Write them so
that they
  - stay finite and right for logits from −10 000 to 10 000, also where the right class is far
    behind: a probability of e⁻¹⁰⁰⁰ is 0 to a computer, and its loss is still 1000, not infinite
    and not cut off;
  - take logits that are integers or views of other arrays, and `softmax` any number of axes;
  - leave their arguments as they are.

Use NumPy; do not use a library that differentiates for you. Check your work with

    grade exercise-7

It builds on exercise-2.
"""

import numpy as np


def softmax(z):
    """Softmax over the last axis: a vector of k logits, a batch (m, k), or more axes.

    >>> softmax(np.array([1.0, 2.0, 3.0]))
    array([0.09003057, 0.24472847, 0.66524096])
    """
    raise NotImplementedError


def softmax_jacobian(z):
    """The Jacobian of softmax at one vector z of shape (k,): row i, column j is ∂pᵢ/∂zⱼ.

    >>> softmax_jacobian(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    raise NotImplementedError


def one_hot(labels, classes):
    """A row for every label, shape (m, classes): 1 in the label's column, 0 in the others.

    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    raise NotImplementedError


def cross_entropy(logits, labels):
    """The mean over the samples of −log(probability of the label), a float.

    It takes logits, not probabilities.

    >>> cross_entropy(np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), np.array([2, 1]))
    0.7531091265562451
    """
    raise NotImplementedError


def cross_entropy_gradient(logits, labels):
    """The gradient of `cross_entropy` with respect to the logits, of their shape (m, k)."""
    raise NotImplementedError
