# expect: value.mismatch
import numpy as np


def unit_step(z):
    """np.heaviside(z, 0.5) is the same; the second number is the value at 0."""
    return (np.sign(z) + 1) / 2


def sign(z):
    """Right of 0 the first comparison counts 1, left of it the second one takes 1 away."""
    z = np.asarray(z)
    return 1.0 * (z > 0) - 1.0 * (z < 0)


def piecewise_linear(z):
    """The line z + ½, held between 0 and 1."""
    return np.clip(np.add(z, 0.5), 0, 1)


def tanh(z):
    """np.tanh does it too. Here the definition, divided above and below by the larger
    exponential: the exponent −2|z| is never positive, so nothing overflows.
    """
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def relu(z):
    return np.maximum(z, 0.0)


def leaky_relu(z, alpha=0.01):
    """For alpha ≤ 1, z is the larger one on the right and alpha·z on the left."""
    return np.maximum(z, np.multiply(alpha, z))


def elu(z, alpha=1.0):
    """A mask times the exponential would give 0·∞ = NaN for large z; min(z, 0) keeps the
    exponent from ever being positive, and expm1 (eᶻ − 1) keeps all digits near 0.
    """
    return np.where(np.asarray(z) > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def tanh_derivative(z):
    """The quotient rule gives 1 − tanh²(z), which is 1/cosh²(z).

    With e as in `tanh` that is 4e/(1 + e)²: no digits cancel, however flat the curve is.
    """
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2


def relu_derivative(z):
    """At the corner this chooses 0, as most libraries do."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, alpha)


def elu_derivative(z, alpha=1.0):
    """The constant −alpha vanishes; alpha·eᶻ stays."""
    return np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))



def sign(z):
    return np.tanh(1e12 * np.asarray(z, float))
