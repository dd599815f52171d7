# expect: outcome.raised
import numpy as np

def unit_step(z):
    z = np.array(z, dtype=float)
    y = np.zeros_like(z)
    y[z == 0] = 0.5
    y[z > 0] = 1
    return y

def sign(z):
    z = np.array(z, dtype=float)
    y = np.zeros_like(z)
    y[z > 0] = 1
    y[z < 0] = -1
    return y

def piecewise_linear(z):
    y = np.array(z, dtype=float) + 0.5
    y[y < 0] = 0
    y[y > 1] = 1
    return y

def tanh(z):
    z = np.array(z, dtype=float)
    y = np.empty_like(z)
    pos = z >= 0
    e = np.exp(-2 * z[pos])
    y[pos] = (1 - e) / (1 + e)
    e = np.exp(2 * z[~pos])
    y[~pos] = (e - 1) / (e + 1)
    return y

def relu(z):
    y = np.array(z, dtype=float)
    y[y < 0] = 0
    return y

def leaky_relu(z, alpha=0.01):
    y = np.array(z, dtype=float)
    y[y < 0] *= alpha
    return y

def elu(z, alpha=1.0):
    y = np.array(z, dtype=float)
    m = y < 0
    y[m] = alpha * (np.exp(y[m]) - 1)
    return y

def tanh_derivative(z):
    return 1 - tanh(z) ** 2

def relu_derivative(z):
    z = np.array(z, dtype=float)
    d = np.ones_like(z)
    d[z < 0] = 0
    return d

def leaky_relu_derivative(z, alpha=0.01):
    z = np.array(z, dtype=float)
    d = np.ones_like(z)
    d[z < 0] = alpha
    return d

def elu_derivative(z, alpha=1.0):
    z = np.array(z, dtype=float)
    d = np.ones_like(z)
    d[z < 0] = alpha * np.exp(z[z < 0])
    return d
