# expect: precision.inexact
import numpy as np

def unit_step(z):
    return np.heaviside(z, 0.5)

def sign(z):
    return np.sign(z)

def piecewise_linear(z):
    return np.clip(np.add(z, 0.5), 0, 1)

def tanh(z):
    return np.tanh(z)

def relu(z):
    return np.maximum(0, z)

def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, z, np.multiply(alpha, z))

def elu(z, alpha=1.0):
    return np.where(np.asarray(z) > 0, z, alpha * (np.exp(z) - 1))

def tanh_derivative(z):
    h = 1e-5
    z = np.asarray(z, dtype=float)
    return (tanh(z + h) - tanh(z - h)) / (2 * h)

def relu_derivative(z):
    h = 1e-5
    z = np.asarray(z, dtype=float)
    return (relu(z + h) - relu(z - h)) / (2 * h)

def leaky_relu_derivative(z, alpha=0.01):
    h = 1e-5
    z = np.asarray(z, dtype=float)
    return (leaky_relu(z + h, alpha) - leaky_relu(z - h, alpha)) / (2 * h)

def elu_derivative(z, alpha=1.0):
    h = 1e-5
    z = np.asarray(z, dtype=float)
    return (elu(z + h, alpha) - elu(z - h, alpha)) / (2 * h)
