# expect: precision.float32
import numpy as np

def unit_step(z):
    z = np.asarray(z, dtype=np.float32)
    return np.heaviside(z, 0.5)

def sign(z):
    z = np.asarray(z, dtype=np.float32)
    return np.sign(z)

def piecewise_linear(z):
    z = np.asarray(z, dtype=np.float32)
    return np.clip(np.add(z, 0.5), 0, 1)

def tanh(z):
    z = np.asarray(z, dtype=np.float32)
    return np.tanh(z)

def relu(z):
    z = np.asarray(z, dtype=np.float32)
    return np.maximum(0, z)

def leaky_relu(z, alpha=0.01):
    z = np.asarray(z, dtype=np.float32)
    alpha = np.float32(alpha)
    return np.where(np.asarray(z) > 0, z, np.multiply(alpha, z))

def elu(z, alpha=1.0):
    z = np.asarray(z, dtype=np.float32)
    alpha = np.float32(alpha)
    return np.where(np.asarray(z) > 0, z, alpha * (np.exp(z) - 1))

def tanh_derivative(z):
    z = np.asarray(z, dtype=np.float32)
    return 1 - np.tanh(z) ** 2

def relu_derivative(z):
    z = np.asarray(z, dtype=np.float32)
    return np.where(np.asarray(z) > 0, 1.0, 0.0)

def leaky_relu_derivative(z, alpha=0.01):
    z = np.asarray(z, dtype=np.float32)
    alpha = np.float32(alpha)
    return np.where(np.asarray(z) > 0, 1.0, alpha)

def elu_derivative(z, alpha=1.0):
    z = np.asarray(z, dtype=np.float32)
    alpha = np.float32(alpha)
    return np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(z))
