# expect: passed
import numpy as np

def unit_step(z):
    return ((z > np.zeros(np.shape(z))).astype(int) + (z >= np.zeros(np.shape(z)))) / 2

def sign(z):
    return np.sign(z)

def piecewise_linear(z):
    return np.interp(z, [-0.5, 0.5], [0, 1])

def tanh(z):
    return np.tanh(z)

def relu(z):
    return np.where(np.array(z) < 0, 0, z)

def leaky_relu(z, alpha=0.01):
    return np.where(np.array(z) < 0, alpha, 1) * z

def elu(z, alpha=1.0):
    return np.where(np.array(z) < 0, alpha * np.expm1(z), z)

def tanh_derivative(z):
    return np.cosh(np.clip(z, -400, 400)) ** -2.0

# True counts as 1
def relu_derivative(z):
    return np.array(z) > 0

def leaky_relu_derivative(z, alpha=0.01):
    return np.array([alpha, 1.0])[(np.array(z) > 0).astype(int)]

def elu_derivative(z, alpha=1.0):
    return np.exp(np.minimum(z, 0)) * leaky_relu_derivative(z, alpha)
