# expect: passed
import math
import numpy as np


@np.vectorize
def unit_step(z):
    if z > 0:
        return 1.0
    elif z < 0:
        return 0.0
    return 0.5

@np.vectorize
def sign(z):
    if z > 0:
        return 1.0
    if z < 0:
        return -1.0
    return 0.0

def _pwl(z):
    if z <= -0.5:
        return 0.0
    if z < 0.5:
        return z + 0.5
    return 1.0

piecewise_linear = np.vectorize(_pwl, otypes=[float])

def _tanh(z):
    if abs(z) > 20:
        return math.copysign(1.0, z)
    return math.sinh(z) / math.cosh(z)

tanh = np.vectorize(_tanh, otypes=[float])
relu = np.vectorize(lambda z: z if z > 0 else 0.0, otypes=[float])
_leaky = np.vectorize(lambda z, a: z if z > 0 else a * z, otypes=[float])
_elu = np.vectorize(lambda z, a: z if z > 0 else a * math.expm1(z), otypes=[float])

def leaky_relu(z, alpha=0.01):
    return _leaky(z, alpha)

def elu(z, alpha=1.0):
    return _elu(z, alpha)

def _dtanh(z):
    if abs(z) > 350:
        return 0.0
    return 1 / math.cosh(z) ** 2

tanh_derivative = np.vectorize(_dtanh, otypes=[float])
relu_derivative = np.vectorize(lambda z: 1.0 if z >= 0 else 0.0, otypes=[float])

def leaky_relu_derivative(z, alpha=0.01):
    return np.vectorize(lambda t: 1.0 if t > 0 else float(alpha), otypes=[float])(z)

def elu_derivative(z, alpha=1.0):
    return np.vectorize(lambda t: 1.0 if t > 0 else alpha * math.exp(t), otypes=[float])(z)
