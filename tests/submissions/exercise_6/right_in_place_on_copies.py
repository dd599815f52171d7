# expect: passed
import numpy as np

def copy(z):
    return np.array(z, dtype=np.float64, copy=True)

def unit_step(z):
    y = copy(z)
    np.sign(y, out=y)
    y += 1
    y /= 2
    return y

def sign(z):
    y = copy(z)
    np.sign(y, out=y)
    return y

def piecewise_linear(z):
    y = copy(z)
    y += 0.5
    np.clip(y, 0, 1, out=y)
    return y

def tanh(z):
    y = copy(z)
    np.tanh(y, out=y)
    return y

def relu(z):
    y = copy(z)
    np.maximum(y, 0, out=y)
    return y

def leaky_relu(z, alpha=0.01):
    y = copy(z)
    np.multiply(y, alpha, out=y, where=y < 0)
    return y

def elu(z, alpha=1.0):
    y = copy(z)
    neg = y < 0
    np.exp(y, out=y, where=neg)
    np.subtract(y, 1, out=y, where=neg)
    np.multiply(y, alpha, out=y, where=neg)
    return y

def tanh_derivative(z):
    y = tanh(z)
    y *= y
    np.subtract(1, y, out=y)
    return y

def relu_derivative(z):
    y = copy(z)
    np.greater(y, 0, out=y)
    return y

def leaky_relu_derivative(z, alpha=0.01):
    y = relu_derivative(z)
    np.putmask(y, y == 0, alpha)
    return y

def elu_derivative(z, alpha=1.0):
    y = copy(z)
    np.minimum(y, 0, out=y)
    np.exp(y, out=y)
    np.putmask(y, y < 1, alpha * y)
    return y
