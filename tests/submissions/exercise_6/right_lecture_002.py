# expect: passed
# from the lecture, tanh and ELU made safe
import numpy as np

def ReLU(x):
    return np.maximum(0, x)

def Leaky_ReLU(x, alpha=0.01):
    return np.maximum(np.dot(alpha, x), x)

def unit_step(z):
    return np.where(np.equal(z, 0), 0.5, np.greater(z, 0))

def sign(z):
    return np.where(np.equal(z, 0), 0, np.where(np.greater(z, 0), 1, -1))

def piecewise_linear(z):
    z = np.asarray(z)
    return np.where(z >= 1/2, 1, np.where(z <= -1/2, 0, z + 1/2))

def tanh(x):
    m = np.abs(x)
    a = np.exp(x - m)
    b = np.exp(-x - m)
    return (a - b) / (a + b)

def relu(z):
    return ReLU(z)

def leaky_relu(z, alpha=0.01):
    return Leaky_ReLU(z, alpha)

def elu(x, alpha=1.0):
    x = np.asarray(x)
    return (x > 0) * x + (x <= 0) * (alpha * (np.exp(np.minimum(x, 0)) - 1))

def tanh_derivative(z):
    return 1 - np.square(tanh(z))

def relu_derivative(z):
    return np.greater(z, 0).astype(float)

def leaky_relu_derivative(z, alpha=0.01):
    z = np.asarray(z)
    return (z > 0) + (z <= 0) * alpha

def elu_derivative(z, alpha=1.0):
    z = np.asarray(z)
    return (z > 0) + (z <= 0) * alpha * np.exp(np.minimum(z, 0))
