# expect: elu-overflow
# score: 9.7
import numpy as np
import math

def unit_step(z):
    z = np.asarray(z, dtype=float)
    out = np.full(z.shape, 0.5)
    out[z > 0] = 1
    out[z < 0] = 0
    return out

def sign(z):
    z = np.asarray(z, dtype=float)
    out = np.zeros(z.shape)
    out[z > 0] = 1
    out[z < 0] = -1
    return out

def piecewise_linear(z):
    out = np.array(z, dtype=float)
    out += 0.5
    out[out < 0] = 0
    out[out > 1] = 1
    return out

def tanh(z):
    return np.tanh(np.array(z, dtype=float))

def relu(z):
    out = np.array(z, dtype=float)
    out[out < 0] = 0
    return out

def leaky_relu(z, alpha=0.01):
    out = np.array(z, dtype=float)
    out[out < 0] *= alpha
    return out

def elu(z, alpha=1.0):
    return (z>0)*z + (z<=0)*(alpha*(np.exp(z) - 1))

def tanh_derivative(z):
    return 1 - tanh(z) ** 2

def relu_derivative(z):
    z = np.asarray(z)
    out = np.zeros(z.shape)
    out[z > 0] = 1
    return out

def leaky_relu_derivative(z, alpha=0.01):
    z = np.asarray(z)
    out = np.full(z.shape, float(alpha))
    out[z > 0] = 1
    return out

def elu_derivative(z, alpha=1.0):
    z = np.asarray(z, dtype=float)
    out = np.ones(z.shape)
    neg = z < 0
    out[neg] = alpha * np.exp(z[neg])
    return out
